// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../contract/engine.ts';
import { renderChat } from '../local/chat-templates.ts';
import type { Decoded, GenerationConfig } from './library.ts';
import type { OpenPipeline } from './open-pipeline.ts';
import type { PipelineAnswer, PromptBatch } from './pipeline-calls.ts';

export type AnswerWriter = {
  /** Tokens of a prompt and of how its answer begins. */
  readonly count: (messages: readonly Message[], prefill: string) => number;
  /** Answers all prompts of a batch; one alone can be stopped. @throws what OpenVINO throws. */
  readonly write: (
    batch: PromptBatch,
    isStopped: () => boolean,
  ) => Promise<readonly PipelineAnswer[]>;
};

const running = 0;
const cancel = 2;
const cutByLength = 2;

/** Writes answers with an open pipeline: one batch at a time, as it refuses a second one. */
export const createWriter = (opened: OpenPipeline): AnswerWriter => {
  const { pipeline, tokenizer, template, count } = opened;
  const render = (messages: readonly Message[]): string =>
    renderChat(
      messages.map(({ role, content }) => ({ role, content })),
      (asked) =>
        tokenizer.applyChatTemplate(asked, true, template, undefined, { enable_thinking: false }),
    );

  /**
   * OpenVINO evaluates all prompts of a batch at once, each from its beginning. What they share it
   * evaluates once when it was there before, as the beginning that it keeps.
   */
  const evaluateShared = async (texts: readonly string[]): Promise<void> => {
    const shared = texts.length > 1 ? sharedBeginning(texts) : '';
    if (count(shared) < leastShared) return;
    await pipeline.generate(shared, { max_new_tokens: 1, do_sample: false });
  };

  const write: AnswerWriter['write'] = async (batch, isStopped) => {
    const start = performance.now();
    const texts = batch.prompts.map(({ messages, prefill }) => `${render(messages)}${prefill}`);
    await evaluateShared(texts);
    const before = performance.now() - start;
    const [only] = texts;
    const decoded =
      texts.length === 1 && only !== undefined
        ? await pipeline.generate(only, configOf(batch), () => (isStopped() ? cancel : running))
        : await pipeline.generate(texts, configOf(batch));
    const { batchSizes } = decoded.perfMetrics.rawMetrics;
    const lengths = answerLengths(batchSizes, decoded.texts.map(count));
    const firstToken = before + decoded.perfMetrics.getTTFT().mean;
    return texts.map((prompt, index) => ({
      ...answerAt(decoded, index),
      prompt: count(prompt),
      completion: lengths[index] ?? 0,
      firstToken,
    }));
  };
  return { write, count: (messages, prefill) => count(`${render(messages)}${prefill}`) };
};

const configOf = ({ grammar, maxTokens, temperature, seed }: PromptBatch): GenerationConfig => ({
  max_new_tokens: maxTokens,
  structured_output_config: { grammar },
  ...(temperature > 0 ? { do_sample: true, temperature, rng_seed: seed } : { do_sample: false }),
});

const answerAt = (
  { texts, finishReasons }: Decoded,
  index: number,
): Pick<PipelineAnswer, 'text' | 'finish'> => {
  const text = texts[index];
  if (text === undefined) throw new Error('OpenVINO gave fewer answers than it got prompts');
  return { text, finish: finishReasons[index] === cutByLength ? 'length' : 'stop' };
};

/** Tokens; a step of its own for fewer gains nothing. */
const leastShared = 64;

/** The longest text that all of them begin with. */
const sharedBeginning = ([first = '', ...others]: readonly string[]): string => {
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && first[same] === other[same]) same += 1;
    length = same;
  }
  return first.slice(0, length);
};

/**
 * How many tokens each answer took. OpenVINO tells how many answers went on at each step, which are
 * the lengths in order, and the longest text took the most; `counted` are the texts' tokens as the
 * tokenizer would write them.
 */
export const answerLengths = (
  batchSizes: readonly number[],
  counted: readonly number[],
): readonly number[] => {
  if (batchSizes.length === 0) return counted;
  const byLength = counted.map((_, index) => index).toSorted((a, b) => counted[b]! - counted[a]!);
  const lengths = new Array<number>(counted.length).fill(0);
  for (const [rank, index] of byLength.entries()) {
    lengths[index] = batchSizes.filter((size) => size > rank).length;
  }
  return lengths;
};
