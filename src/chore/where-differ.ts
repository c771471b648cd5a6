// SPDX-License-Identifier: GPL-3.0-only

/** Most characters of a line that are quoted. */
const mostQuoted = 120;

/**
 * Says of two texts that differ where the second departs from the first: by the first line that it adds,
 * else by the first that it lacks, else by one that stands elsewhere or the one above other white space.
 */
export const whereDiffer = (expected: string, patched: string): string => {
  const [before, after] = [linesOf(expected), linesOf(patched)];
  const [old, now] = [new Set(before), new Set(after)];
  const added = after.find((line) => !old.has(line));
  if (added !== undefined) return `near ${quoted(added)}`;
  const lacking = before.find((line) => !now.has(line));
  if (lacking !== undefined) return `near ${quoted(lacking)}, which the patch lacks`;
  const at = before.findIndex((line, index) => line !== after[index]);
  const moved = after[at] ?? before[at] ?? after[before.length];
  if (moved !== undefined) return `near ${quoted(moved)}`;
  const above = lastAbove(expected, patched);
  return `in the white space ${above === undefined ? 'on top' : `after ${quoted(above)}`}`;
};

/** Lines with words in them. */
const linesOf = (text: string): readonly string[] => text.split('\n').filter(hasWords);

const hasWords = (line: string): boolean => line.trim() !== '';

/** The last line with words before the first that differs. */
const lastAbove = (expected: string, patched: string): string | undefined => {
  const [before, after] = [expected.split('\n'), patched.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  return before.slice(0, at === -1 ? undefined : at).findLast(hasWords);
};

const quoted = (line: string): string => `"${line.trim().slice(0, mostQuoted)}"`;
