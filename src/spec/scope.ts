// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../data/memoise.ts';
import { compileGlob } from './glob.ts';

/** Also what is below a folder that is named plainly. */
const compilePattern = memoise(1000, (pattern) => {
  const matches = compileGlob(pattern);
  return (path: string) => path.startsWith(`${pattern}/`) || matches(path);
});

/**
 * Says whether the patterns cover a path (relative, `/` between parts). The last pattern that matches
 * decides: one that begins with `!` leaves out what it matches. Case counts, dot files are covered,
 * and a pattern covers the file or the folder of just that name.
 */
export const compileScope = (patterns: readonly string[]): ((path: string) => boolean) => {
  const steps = patterns.map((pattern) => ({
    covers: !isExcluding(pattern),
    matches: compilePattern(isExcluding(pattern) ? pattern.slice(1) : pattern),
  }));
  return (path) => steps.findLast(({ matches }) => matches(path))?.covers ?? false;
};

/**
 * By its name: says how modules are found, so that an import can be followed. Whoever may read a
 * spec's scope and context may read these of the whole tree as well.
 */
export const isSetupFile = (path: string): boolean =>
  /(?:^|\/)(?:package|[jt]sconfig(?:\.[\w.-]+)?)\.json$/.test(path);

/** Whether a pattern leaves files out. */
export const isExcluding = (pattern: string): boolean => pattern.startsWith('!');

/**
 * The paths that a scope covers, out of paths sorted by code unit. Only the stretch of the list
 * that a pattern's literal beginning can reach is looked at, so that a thousand narrow specs over a
 * large repository stay cheap.
 */
export const selectPaths = (
  sorted: readonly string[],
  patterns: readonly string[],
): readonly string[] => {
  const covers = compileScope(patterns);
  const stretches = patterns
    .filter((pattern) => !isExcluding(pattern))
    .map(literalBeginning)
    .map(
      (prefix) => [firstAtLeast(sorted, prefix), firstAtLeast(sorted, `${prefix}\uffff`)] as const,
    )
    .sort(([a], [b]) => a - b);
  const selected: string[] = [];
  let next = 0;
  for (const [start, end] of stretches) {
    for (let index = Math.max(start, next); index < end; index += 1) {
      const path = sorted[index] as string;
      if (covers(path)) selected.push(path);
    }
    next = Math.max(next, end);
  }
  return selected;
};

const literalBeginning = (pattern: string): string =>
  /^[^*?[\]{}()!+@|\\]*/.exec(pattern)?.[0] ?? '';

const firstAtLeast = (sorted: readonly string[], wanted: string): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
};
