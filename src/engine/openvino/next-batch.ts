// SPDX-License-Identifier: GPL-3.0-only

/** How an answer is written; prompts of one batch share all of it. */
export type How = {
  /** EBNF, as xgrammar reads it. */
  readonly grammar: string;
  readonly maxTokens: number;
  readonly temperature: number;
  /** Left out: any will do. */
  readonly seed: number | undefined;
};

/**
 * Which of those that wait are answered next, in their order: the first and, up to `most`, all that
 * are answered in the same way. An answer that is sampled with a seed of its own is written alone,
 * because those of a batch draw from one source.
 */
export const nextBatch = <Waiting extends { readonly how: How }>(
  waiting: readonly Waiting[],
  most: number,
): readonly Waiting[] => {
  const [first, ...others] = waiting;
  if (!first) return [];
  if (isSeeded(first.how)) return [first];
  return [first, ...others.filter(({ how }) => isAlike(how, first.how))].slice(0, most);
};

const isSeeded = ({ temperature, seed }: How): boolean => temperature > 0 && seed !== undefined;

const isAlike = (one: How, other: How): boolean =>
  !isSeeded(one) &&
  one.grammar === other.grammar &&
  one.maxTokens === other.maxTokens &&
  one.temperature === other.temperature;
