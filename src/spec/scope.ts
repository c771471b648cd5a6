// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../data/memoise.ts';
import { compileGlob } from './glob.ts';

const compilePattern = memoise(1000, compileGlob);

/**
 * Says whether a path (relative, `/` between parts) is covered by one of the patterns. Case counts,
 * dot files are covered, `!` has no meaning, and a pattern without glob characters that names a
 * folder covers nothing but a file of that name: `docs/` has become `docs/**` before.
 */
export const compileScope = (patterns: readonly string[]): ((path: string) => boolean) => {
  const literal = new Set(patterns);
  const globs = patterns.map(compilePattern);
  return (path) => literal.has(path) || globs.some((matches) => matches(path));
};

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
