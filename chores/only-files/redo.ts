// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';
import { selectPaths } from '../../src/spec/scope.ts';

/** What is left of the changed paths without the allowed ones must be nothing. */
export const redo: Judge<{ readonly files: readonly string[] }> = ({ files }, { paths }) => {
  const allowed = new Set(selectPaths(paths, files));
  const others = paths.filter((path) => !allowed.has(path));
  return { findings: others.map((path) => `${path}: the file must not be changed`) };
};
