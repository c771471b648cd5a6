// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { type Completion, type CompletionRequest, EngineFault } from '../contract/engine.ts';
import type { Endpoint, EndpointResponse } from '../wire/endpoint.ts';
import { anotherKind, seeItsLog } from '../wire/faults.ts';
import { complaintIn, countOf, finishOf, itemsOf, memberOf, textOf } from './read-json.ts';

export type ChatAnswer = Pick<Completion, 'text' | 'finish' | 'usage'> & {
  /** From `performance.now()`; nothing where the answer is empty. */
  readonly firstTokenAt: number | undefined;
};

/** What was read so far. */
type Read = {
  text: string;
  pieces: number;
  done: boolean;
  finish?: string | undefined;
  usage?: Json | undefined;
  firstTokenAt?: number;
};

/**
 * Reads a streamed chat completion to its end: pieces, one finish reason, the usage, `[DONE]`.
 * @throws EngineFault when one of them is missing or of another form.
 */
export const readChatAnswer = async (
  events: EndpointResponse['events'],
  endpoint: Pick<Endpoint, 'address' | 'parse'>,
  onProgress: CompletionRequest['onProgress'],
): Promise<ChatAnswer> => {
  const read: Read = { text: '', pieces: 0, done: false };
  await events((event) => {
    if (read.done) return;
    if (event === '[DONE]') read.done = true;
    else {
      readEvent(event, read, endpoint);
      // A piece is a token, or a few at once.
      onProgress?.({ text: read.text, tokens: read.pieces });
    }
  });
  if (!read.done) {
    throw new EngineFault(`${endpoint.address} ended its answer before the end; ${seeItsLog}`);
  }
  return {
    text: read.text,
    finish: finishOf(read.finish, endpoint.address),
    usage: usageOf(read.usage, endpoint.address),
    firstTokenAt: read.firstTokenAt,
  };
};

const readEvent = (
  event: string,
  read: Read,
  { address, parse }: Pick<Endpoint, 'address' | 'parse'>,
): void => {
  const chunk = parse(event);
  if (memberOf(chunk, 'error') !== undefined) {
    throw new EngineFault(
      `${address} gave up within its answer: ${complaintIn(event)}; ${seeItsLog}`,
    );
  }
  const choices = memberOf(chunk, 'choices');
  if (!Array.isArray(choices)) {
    throw new EngineFault(`${address} sends events of another form; ${anotherKind}`);
  }
  // Of several answers, which nobody asked for, the first counts.
  const choice = itemsOf(choices).find((one) => (memberOf(one, 'index') ?? 0) === 0);
  const piece = textOf(memberOf(memberOf(choice, 'delta'), 'content'));
  if (piece) {
    read.firstTokenAt ??= performance.now();
    read.text += piece;
    read.pieces += 1;
  }
  read.finish = textOf(memberOf(choice, 'finish_reason')) ?? read.finish;
  read.usage = memberOf(chunk, 'usage') ?? read.usage;
};

const usageOf = (usage: Json | undefined, address: string): Completion['usage'] => {
  const prompt = countOf(memberOf(usage, 'prompt_tokens'));
  const completion = countOf(memberOf(usage, 'completion_tokens'));
  if (prompt === undefined || completion === undefined) {
    throw new EngineFault(`${address} does not tell how many tokens it used; update the server`);
  }
  const cached = countOf(memberOf(memberOf(usage, 'prompt_tokens_details'), 'cached_tokens')) ?? 0;
  return { prompt, cached: Math.min(cached, prompt), completion };
};
