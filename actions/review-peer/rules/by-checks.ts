// SPDX-License-Identifier: GPL-3.0-only

import type { Judge, Side } from '../../../src/chore/patch.ts';
import { isWork } from '../../../src/chore/read-asked.ts';
import type { Chore } from '../../../src/chore/read-chore.ts';

/**
 * Judges a chore that brings no judge: what is changed in the files it may answer for is taken for its own,
 * where the spec has checks. A condition without a judge says nothing about a patch.
 */
export const byChecks =
  (chore: Chore | undefined, to: Side): Judge<unknown> =>
  (_, patch) => {
    if (!chore || !isWork(chore)) return { findings: [] };
    const { name } = chore.manifest;
    if (patch.spec.checks.length === 0) {
      return { findings: [`the chore "${name}" brings no judge, and the spec has no checks`] };
    }
    return { texts: patch[to], findings: [] };
  };
