// SPDX-License-Identifier: GPL-3.0-only
import { compileScope } from '../../spec/scope.ts';

/** Whether a path is protected; in any case of its letters, for on some disks `.GitHub` is `.github`. */
export const compileProtected = (patterns: readonly string[]): ((path: string) => boolean) => {
  const asWritten = compileScope(patterns);
  const folded = compileScope(patterns.map((pattern) => pattern.toLowerCase()));
  return (path) => asWritten(path) || folded(path.toLowerCase());
};
