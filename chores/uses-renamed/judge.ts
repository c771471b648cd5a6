// SPDX-License-Identifier: GPL-3.0-only
import type { Judge } from '../../src/chore/patch.ts';

/** A rename is asked for; its own judges see to the uses. */
export const judge: Judge<{ readonly from?: string; readonly to?: string }> = (
  { from, to },
  { asked },
) => {
  const renamed = asked.some(
    ({ chore, args }) =>
      chore === 'rename' && (from ?? args.from) === args.from && (to ?? args.to) === args.to,
  );
  return { findings: renamed ? [] : ['a sentence speaks of changed uses, but nothing is renamed'] };
};
