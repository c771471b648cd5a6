// SPDX-License-Identifier: GPL-3.0-only

/** What a part of the evaluation of chores came to. */
export type PartResult = {
  /** What was measured, under which conditions, to be printed. */
  readonly lines: readonly string[];
  /** The goals that were missed, each in a line; none where all were met. */
  readonly missed: readonly string[];
};

/** One part of `npm run evaluate:chores`. */
export type Part = () => Promise<PartResult>;
