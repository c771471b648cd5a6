// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { printable } from '../../data/printable.ts';
import { type Completion, EngineFault } from '../contract/engine.ts';
import { seeItsLog } from '../wire/faults.ts';

/*
 * A server's answers are read member by member, each with what stands for it when it is missing or
 * of another type.
 */

const longest = 300;

/** A member of an object; `undefined` where there is no such object or member. */
export const memberOf = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;

/** A text, else `undefined`. */
export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** A count of tokens or bytes. */
export const countOf = (value: Json | undefined): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;

/** A list; empty where it is none. */
export const itemsOf = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? value : [];

/**
 * What a server says went wrong, as one line to print: `{error: {message}}` (OpenAI), `{error}`
 * (Ollama), `{detail}` (FastAPI), else the beginning of the text itself.
 */
export const complaintIn = (body: string): string => {
  const error = parseIfJson(body);
  const said = memberOf(error, 'error') ?? memberOf(error, 'detail') ?? error;
  const message = textOf(said) ?? textOf(memberOf(said, 'message')) ?? body;
  return printable(message.slice(0, 4 * longest)).slice(0, longest) || 'without a word';
};

/** Why an answer ended. @throws EngineFault where it ended for another reason than that it was whole, or cut. */
export const finishOf = (reason: string | undefined, address: string): Completion['finish'] => {
  if (reason === 'stop' || reason === 'length') return reason;
  const how = reason === undefined ? 'for no reason it told' : `for "${complaintIn(reason)}"`;
  throw new EngineFault(`${address} ended its answer ${how}; ${seeItsLog}`);
};

/** JSON, where it is any. */
export const parseIfJson = (body: string): Json | undefined => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

/** Names for a message, the first ten of them. */
export const namesForMessage = (names: readonly string[]): string => {
  const shown = names.slice(0, 10).map((name) => printable(name).slice(0, 80));
  return names.length > shown.length ? `${shown.join(', ')} and more` : shown.join(', ') || 'none';
};
