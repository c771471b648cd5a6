// SPDX-License-Identifier: GPL-3.0-only
import { normalisePattern } from './schema.ts';
import { compileScope } from './scope.ts';

/**
 * Whether a path is protected, by patterns written as a scope's are; in any case of its letters, for on some
 * disks `.GitHub` is `.github`.
 */
export const compileProtected = (patterns: readonly string[]): ((path: string) => boolean) => {
  const fromTop = patterns.map((pattern) => normalisePattern(pattern.replace(/^(!?)\/+/, '$1')));
  const asWritten = compileScope(fromTop);
  const folded = compileScope(fromTop.map((pattern) => pattern.toLowerCase()));
  return (path) => asWritten(path) || folded(path.toLowerCase());
};
