// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge } from '../../src/chore/patch.ts';

/** Every changed path is one of those that may change. */
export const judge: Judge<{ readonly files: readonly string[] }> = ({ files }, { paths }) => {
  const mayChange = coveredBy(files);
  const findings = paths
    .filter((path) => !mayChange(path))
    .map((path) => `${path}: a sentence says that it must not change`);
  return { findings };
};
