// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';

type Hands = { readonly tree: { readonly changed: () => readonly string[] } };

/** Looks at what the other chores changed. */
export const work: Work<{ readonly files: readonly string[] }, Hands> = function* (
  { files },
  { tree },
) {
  const mayChange = coveredBy(files);
  const path = tree.changed().find((changed) => !mayChange(changed));
  if (path !== undefined) {
    throw new Declined(`${path} would have to change, but a sentence says that it must not`);
  }
  return { notes: '' };
};
