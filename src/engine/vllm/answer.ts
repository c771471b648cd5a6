// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import { type Completion, EngineFault } from '../engine.ts';
import { amount, complaint, list, member, text } from '../served/read-json.ts';
import type { Endpoint } from '../wire/endpoint.ts';
import { anotherKind, seeItsLog } from '../wire/faults.ts';

export type Answer = Pick<Completion, 'text' | 'finish' | 'usage'> & {
  /** From `performance.now()`; nothing where the answer is empty. */
  readonly firstTokenAt: number | undefined;
};

/**
 * Reads a streamed chat completion to its end: pieces, one finish reason, the usage, `[DONE]`.
 * @throws EngineFault when one of them is missing or of another form.
 */
export const readAnswer = async (
  events: AsyncIterable<string>,
  endpoint: Pick<Endpoint, 'address' | 'parse'>,
): Promise<Answer> => {
  let answer = '';
  let finish: string | undefined;
  let usage: Json | undefined;
  let firstTokenAt: number | undefined;
  let done = false;
  for await (const event of events) {
    if (done) continue;
    if (event === '[DONE]') {
      done = true;
      continue;
    }
    const chunk = endpoint.parse(event);
    if (member(chunk, 'error') !== undefined) {
      throw new EngineFault(
        `${endpoint.address} gave up within its answer: ${complaint(event)}; ${seeItsLog}`,
      );
    }
    const choices = member(chunk, 'choices');
    if (!Array.isArray(choices)) {
      throw new EngineFault(`${endpoint.address} sends events of another form; ${anotherKind}`);
    }
    const [choice] = list(choices);
    const piece = text(member(member(choice, 'delta'), 'content'));
    if (piece) {
      firstTokenAt ??= performance.now();
      answer += piece;
    }
    finish = text(member(choice, 'finish_reason')) ?? finish;
    usage = member(chunk, 'usage') ?? usage;
  }
  if (!done) {
    throw new EngineFault(`${endpoint.address} ended its answer before the end; ${seeItsLog}`);
  }
  return {
    text: answer,
    finish: finishOf(finish, endpoint.address),
    usage: usageOf(usage, endpoint.address),
    firstTokenAt,
  };
};

const finishOf = (finish: string | undefined, address: string): Completion['finish'] => {
  if (finish === 'stop' || finish === 'length') return finish;
  const how = finish === undefined ? 'for no reason it told' : `for "${complaint(finish)}"`;
  throw new EngineFault(`${address} ended its answer ${how}; ${seeItsLog}`);
};

const usageOf = (usage: Json | undefined, address: string): Completion['usage'] => {
  const prompt = amount(member(usage, 'prompt_tokens'));
  const completion = amount(member(usage, 'completion_tokens'));
  if (prompt === undefined || completion === undefined) {
    throw new EngineFault(`${address} does not tell how many tokens it used; update the server`);
  }
  const cached = amount(member(member(usage, 'prompt_tokens_details'), 'cached_tokens')) ?? 0;
  return { prompt, cached: Math.min(cached, prompt), completion };
};
