// SPDX-License-Identifier: GPL-3.0-only

import { coveredBy, type Judge, type Side } from '../../../src/chore/patch.ts';
import { isWork } from '../../../src/chore/read-asked.ts';
import type { Chore } from '../../../src/chore/read-chore.ts';
import type { Arguments } from '../../../src/spec/asked.ts';

/**
 * Judges a chore that brings no judge: what is changed in the files it is for is taken for its own, where
 * the spec has checks. A condition without a judge says nothing about a patch.
 */
export const byChecks =
  (chore: Chore | undefined, to: Side): Judge<Arguments> =>
  ({ files }, patch) => {
    if (!chore || !isWork(chore)) return { findings: [] };
    const { name, files: kinds } = chore.manifest;
    if (patch.spec.checks.length === 0) {
      return { findings: [`the chore "${name}" brings no judge, and the spec has no checks`] };
    }
    const isMeant = coveredBy(files as readonly string[] | undefined);
    const paths = patch.paths.filter(isMeant).filter(coveredBy(kinds));
    return { texts: new Map(paths.map((path) => [path, patch[to].get(path)])), findings: [] };
  };
