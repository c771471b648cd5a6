// SPDX-License-Identifier: GPL-3.0-only

/** LoRA on weights as they are, on weights at four bits, or all weights. */
export const methods = ['lora', 'qlora', 'full'] as const;

export type Method = (typeof methods)[number];

/** Whose command line trains. */
export const trainers = ['trl', 'axolotl'] as const;

export type Trainer = (typeof trainers)[number];

/** What a person chooses about a training. */
export type Recipe = {
  readonly trainer: Trainer;
  readonly method: Method;
  /** Of a LoRA adapter. */
  readonly rank: number;
  readonly epochs: number;
  /** Peak learning rate, where it is not the usual one of the method. */
  readonly rate?: number;
};

/** Rows that are read before weights change. */
export const batch = 8;

/** Fewer rows than these teach a form at most: nothing could be said about what came of it. */
export const leastRows = 50;

/** Steps of a training. */
export const stepsOf = (rows: number, epochs: number): number => Math.ceil(rows / batch) * epochs;
