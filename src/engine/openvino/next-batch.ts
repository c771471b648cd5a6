// SPDX-License-Identifier: GPL-3.0-only
import type { PromptBatch } from './pipeline-calls.ts';

/** How an answer is written; prompts of one batch share all of it. Without a seed any will do. */
export type WritingStyle = Omit<PromptBatch, 'prompts' | 'seed'> & {
  readonly seed: number | undefined;
};

/**
 * Which of those that wait are answered next, in their order: the first and, up to `most`, all that
 * are answered in the same way. An answer that is sampled with a seed of its own is written alone,
 * because those of a batch draw from one source.
 */
export const nextBatch = <Prompt extends { readonly style: WritingStyle }>(
  waiting: readonly Prompt[],
  most: number,
): readonly Prompt[] => {
  const [first, ...others] = waiting;
  if (!first) return [];
  if (isSeeded(first.style)) return [first];
  return [first, ...others.filter(({ style }) => isAlike(style, first.style))].slice(0, most);
};

const isSeeded = ({ temperature, seed }: WritingStyle): boolean =>
  temperature > 0 && seed !== undefined;

const isAlike = (one: WritingStyle, other: WritingStyle): boolean =>
  !isSeeded(one) &&
  one.grammar === other.grammar &&
  one.maxTokens === other.maxTokens &&
  one.temperature === other.temperature;
