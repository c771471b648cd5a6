// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { InexactNumber, parseExactly } from '../exact-numbers.ts';
import { endOfObject, flawIn } from '../read-envelope.ts';

/*
 * Finds the one function call of an answer in the Hermes style: `<tool_call>` around one object of
 * `name` and `arguments`, or that object alone. Models that nothing holds to a form leave tags open,
 * write prose or a fence around the call, or give the arguments as text; what can be meant in one
 * way only is understood, and says that it had to be salvaged. Linear in the text.
 */

export const openTag = '<tool_call>';
export const closeTag = '</tool_call>';

export type FoundCall =
  | {
      readonly kind: 'found';
      readonly value: Readonly<Record<string, unknown>>;
      /** The object as it was written; none where it had to be salvaged. */
      readonly written?: string;
      readonly thought: number;
    }
  | { readonly kind: 'nothing'; readonly reason: string; readonly thought: number };

/** The call in an answer; `held` says that an engine held the answer to the schema. Never throws. */
export const findCall = (text: string, constrained: boolean): FoundCall => {
  try {
    return readCallIn(text, constrained);
  } catch (error) {
    if (error instanceof InexactNumber) return nothing(error.message, 0);
    throw error;
  }
};

const readCallIn = (text: string, constrained: boolean): FoundCall => {
  const split = takeThought(text);
  if (!split)
    return nothing('the thought never came to an end; think less, then call', text.length);
  const { rest, thought } = split;
  const trimmed = rest.trim();
  const written = exactBody(trimmed, constrained);
  const exact = written === undefined ? undefined : parseObject(written);
  const call = exact ? { value: exact } : salvage(trimmed);
  if ('reason' in call) return nothing(call.reason, thought);
  const flaw = flawIn(call.value);
  if (flaw) return nothing(flaw, thought);
  const opened = openArguments(call.value);
  const flawWithin = opened && flawIn(opened);
  if (flawWithin) return nothing(flawWithin, thought);
  if (opened) return { kind: 'found', value: opened, thought };
  const clean = exact !== undefined && written !== undefined;
  return { kind: 'found', value: call.value, thought, ...(clean && { written }) };
};

const nothing = (reason: string, thought: number): FoundCall => ({
  kind: 'nothing',
  reason,
  thought,
});

const thinkOpen = '<think>';
const thinkClose = '</think>';

/**
 * Takes a thought from before the answer. A chat template may have opened it already, so that only
 * its end stands in the answer. `undefined` when a thought has no end.
 */
const takeThought = (text: string): { rest: string; thought: number } | undefined => {
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith(openTag)) return { rest: text, thought: 0 };
  const end = start.indexOf(thinkClose);
  const opened = start.startsWith(thinkOpen);
  if (end < 0) return opened ? undefined : { rest: text, thought: 0 };
  const call = start.indexOf(openTag);
  if (!opened && call >= 0 && call < end) return { rest: text, thought: 0 };
  const thought = start.slice(opened ? thinkOpen.length : 0, end).trim().length;
  return { rest: start.slice(end + thinkClose.length), thought };
};

/** The object's text where the answer is nothing else. */
const exactBody = (text: string, constrained: boolean): string | undefined => {
  if (!text.startsWith(openTag)) return text.startsWith('{') ? text : undefined;
  if (text.endsWith(closeTag)) return text.slice(openTag.length, -closeTag.length).trim();
  // The engine was told to begin with the tag and stops where the schema does.
  return constrained ? text.slice(openTag.length).trim() : undefined;
};

type Salvaged = { readonly value: Readonly<Record<string, unknown>> } | { readonly reason: string };

/** A call with this many objects around it is no call. */
const maxObjects = 64;

const salvage = (text: string): Salvaged => {
  if (text === '') return { reason: 'the answer was empty; answer with one function call' };
  const calls = new Map<string, Readonly<Record<string, unknown>>>();
  let objects = 0;
  for (let at = text.indexOf('{'); at >= 0; objects += 1) {
    if (objects === maxObjects) return { reason: 'there were many objects; write the call alone' };
    const end = endOfObject(text, at);
    // What is whole within an object that is not may have been an example or an argument.
    if (end === undefined) return { reason: 'the function call is cut off; write all of it' };
    const piece = text.slice(at, end);
    const value = parseObject(piece) ?? parseObject(withoutTrailingComma(piece));
    if (value && 'name' in value && 'arguments' in value) {
      const flaw = flawIn(value);
      if (flaw) return { reason: flaw };
      calls.set(canonicalJson(value), value);
    } else if (!value && piece.includes('"arguments"')) {
      return { reason: 'the function call is not valid JSON; write it again' };
    }
    at = text.indexOf('{', end);
  }
  const [call] = calls.values();
  if (!call) {
    return { reason: 'there was no function call; answer with one, with a name and arguments' };
  }
  return calls.size === 1
    ? { value: call }
    : {
        reason: 'there was more than one function call; make one, the next comes after its result',
      };
};

const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value = parseExactly(text);
    const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
    return plain ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof InexactNumber) throw error;
    return undefined;
  }
};

/** The text without the comma that stands right before a closing bracket, where there is just one. */
const withoutTrailingComma = (text: string): string => {
  let comma: number | undefined;
  let trailing: number | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '"') index = endOfString(text, index);
    if (character === '}' || character === ']') {
      if (comma !== undefined && trailing !== undefined) return text;
      trailing ??= comma;
    }
    if (character === ',') comma = index;
    else if (!/\s/.test(character)) comma = undefined;
  }
  return trailing === undefined ? text : text.slice(0, trailing) + text.slice(trailing + 1);
};

/** Index of the quote that ends the string beginning at `start`. */
const endOfString = (text: string, start: number): number => {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return text.length;
};

/** The call with its arguments as an object where they were written as text of one. */
const openArguments = (
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined => {
  const { arguments: text } = value;
  const parsed = typeof text === 'string' ? parseObject(text) : undefined;
  return parsed && { ...value, arguments: parsed };
};
