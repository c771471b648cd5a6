// SPDX-License-Identifier: GPL-3.0-only

/** Why something of a night became no row, in the words of a dataset's card. */
export const leftOutReasons = {
  unreadable: 'a bundle is not as it was written',
  red: 'its unit did not end green, or its pull request was not opened',
  rejected: 'a person rejected its pull request',
  unlabelled: 'a review of a patch about which no person decided',
  duplicate: 'the same conversation is there already',
  straddling: 'its files are on both sides of the split',
  transcript: 'its conversation, its recorded calls and its counted steps do not tell the same',
  secret: 'it contains what looks like a secret',
} as const;

export type LeftOutReason = keyof typeof leftOutReasons;

/** Bundles by why they were left out. */
export type LeftOutCounts = Readonly<Record<LeftOutReason, number>>;

/** Counts that start at 0, and what adds to them. */
export const countLeftOut = () => {
  const counts: Record<LeftOutReason, number> = {
    ...{ unreadable: 0, red: 0, rejected: 0, unlabelled: 0 },
    ...{ duplicate: 0, straddling: 0, transcript: 0, secret: 0 },
  };
  return {
    counts: counts as LeftOutCounts,
    leaveOut: (reason: LeftOutReason, amount = 1): void => {
      counts[reason] += amount;
    },
  };
};
