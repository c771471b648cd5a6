// SPDX-License-Identifier: GPL-3.0-only

/** Edits (insert, delete, replace, swap of neighbours) between two short strings; Damerau's optimal string alignment. */
const distance = (from: string, to: string): number => {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          (above[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (above[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = current;
  }
  return above[to.length] ?? 0;
};

const maxLength = 100;

/** The candidate a person most likely meant by `name`, or `undefined` when none is close. */
export const nearestName = (name: string, candidates: Iterable<string>): string | undefined => {
  if (name.length > maxLength) return undefined;
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits <= limit && (!best || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
};

/** ` (did you mean "x"?)`, or nothing: to append to a message about an unknown name. */
export const didYouMean = (name: string, candidates: Iterable<string>): string => {
  const candidate = nearestName(name, candidates);
  return candidate === undefined ? '' : ` (did you mean "${candidate}"?)`;
};
