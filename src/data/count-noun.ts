// SPDX-License-Identifier: GPL-3.0-only

/** An amount with its noun: `1 file`, `2 files`. */
export const countNoun = (amount: number, noun: string): string =>
  `${amount} ${noun}${amount === 1 ? '' : 's'}`;
