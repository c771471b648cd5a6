// SPDX-License-Identifier: GPL-3.0-only
import type { Check, CompletionRequest, Engine } from './contract/engine.ts';

/** Each leaves much open: the likeliest words are hardly likelier than others, so that little moves them. */
const questions = [
  'Describe a walk along the sea on a windy day.',
  'Say how bread is made, from the grain to the table.',
  'Write a short letter to a neighbour about a ladder.',
  'Name what belongs into a box of tools, and why.',
] as const;

/** Of an answer; on a processor a large model writes two of these in half a minute. */
const maxTokens = 48;

/** Prose, and some of it where an engine can hold to a length. */
const schema = {
  type: 'object',
  properties: { text: { type: 'string', minLength: 120 } },
  required: ['text'],
  additionalProperties: false,
} as const satisfies CompletionRequest['schema'];

/** What came of asking the same with an adapter and without it. */
export type AdapterCanary = 'changed' | 'same' | 'unsteady';

/**
 * Asks the same questions with an adapter and without it, always for the likeliest words, until one answer differs. A
 * difference counts only where the engine without it says the same again.
 * @throws EngineFault when it does not answer; rejects with the signal's reason when aborted.
 */
export const sendAdapterCanary = async (
  engine: Pick<Engine, 'complete'>,
  adapter: string,
  options: Pick<CompletionRequest, 'signal' | 'idleTimeoutMs'>,
): Promise<AdapterCanary> => {
  let outcome: AdapterCanary = 'same';
  for (const content of questions) {
    const ask = async (named?: string): Promise<string> => {
      const { text } = await engine.complete({
        ...{ messages: [{ role: 'user', content }], schema, maxTokens, temperature: 0 },
        ...(named !== undefined && { adapter: named }),
        ...options,
      });
      return text;
    };
    const plain = await ask();
    if ((await ask(adapter)) === plain) continue;
    if ((await ask()) === plain) return 'changed';
    outcome = 'unsteady';
  }
  return outcome;
};

/** The canary as a check: an adapter that is not seen to change an answer is refused. */
export const adapterCheck = (outcome: AdapterCanary, adapter: string): Check => {
  const fail = (why: string, fix: string): Check => ({
    name: 'adapter',
    state: 'fail',
    detail: `the adapter "${adapter}" ${why}`,
    fix,
  });
  switch (outcome) {
    case 'changed':
      return { name: 'adapter', state: 'ok', detail: 'it changes what the model says' };
    case 'same':
      return fail(
        `changes nothing: ${questions.length} answers are the same with it and without it`,
        'train it again, or take "adapter" out of the profile',
      );
    case 'unsteady':
      return fail(
        'cannot be seen to change anything: without it the engine answers one question in two ways',
        'update the engine, or serve it with one that always answers the same',
      );
  }
};
