// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { Asked } from '../../src/spec/asked.ts';

type Hands = { readonly asked: readonly Asked[] };

/** Only another sentence can rename. */
export const work: Work<{ readonly from?: string; readonly to?: string }, Hands> = function* (
  { from, to },
  { asked },
) {
  const renames = asked.flatMap(({ chore, args }) => (chore === 'rename' ? [args] : []));
  if (renames.some((args) => (from ?? args.from) === args.from && (to ?? args.to) === args.to)) {
    return { notes: '' };
  }
  const name = from === undefined ? 'a name' : `\`${from}\``;
  throw new Declined(`a sentence speaks of changed uses of ${name}, but none renames it`);
};
