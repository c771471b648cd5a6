// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';

/** What is said of the names must be what a sentence renames. */
export const redo: Judge<{ readonly from?: string; readonly to?: string }> = (
  { from, to },
  { asked },
) => {
  const renames = asked.filter(({ chore }) => chore === 'rename').map(({ args }) => args);
  const matching = renames
    .filter((rename) => from === undefined || rename.from === from)
    .filter((rename) => to === undefined || rename.to === to);
  return { findings: matching.length > 0 ? [] : ['no sentence renames what this one speaks of'] };
};
