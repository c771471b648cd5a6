// SPDX-License-Identifier: GPL-3.0-only
import picomatch from 'picomatch';

/**
 * Says whether a path (relative, `/` between parts) is covered by one of the patterns. Case counts,
 * dot files are covered, `!` has no meaning, and a pattern without glob characters that names a
 * folder covers nothing but a file of that name: `docs/` has become `docs/**` before.
 */
export const compileScope = (patterns: readonly string[]): ((path: string) => boolean) => {
  const literal = new Set(patterns);
  const globs = patterns.map((pattern) => picomatch(pattern, { dot: true, nonegate: true }));
  return (path) => literal.has(path) || globs.some((matches) => matches(path));
};
