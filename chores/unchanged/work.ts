// SPDX-License-Identifier: GPL-3.0-only
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { refuseLookups } from '../../src/code/mentions.ts';

/** What a rename moves must not be looked up by its name, where behaviour is to stay as it is. */
export const work: Work<{ readonly part: string }, CodeHands> = function* (
  { part },
  { compiler, tree, asked },
) {
  const renamed = asked.flatMap(({ args: { from, to } }) =>
    typeof from === 'string' && typeof to === 'string' ? [from] : [],
  );
  if (part === 'behaviour') yield* refuseLookups(compiler, tree, renamed);
  return { notes: '' };
};
