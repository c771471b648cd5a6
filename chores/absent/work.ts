// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { namePlaces } from '../../src/code/mentions.ts';

type Args = { readonly name: string; readonly files?: readonly string[] };

/** Looks at the finished work. */
export const work: Work<Args, CodeHands> = function* ({ name, files }, { tree, spec }) {
  const meant = coveredBy(files ?? spec.scope);
  const places = (yield* tree.places(name)).filter(({ path }) => meant(path));
  if (places.length === 0) return { notes: '' };
  throw new Declined(`\`${name}\` would still be in ${namePlaces(places).join(', ')}`);
};
