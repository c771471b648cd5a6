// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isFormatted } from './kinds.ts';

/** So many files fit into an agent's steps. */
const most = 350;

/** Lets Biome write each file. */
export const work: Work<{ readonly files?: readonly string[] }, CodeHands> = function* (
  { files },
  { tree },
) {
  const all = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = all.filter(isFormatted);
  if (paths.length === 0) throw new Declined('no file in scope is of a kind that Biome formats');
  if (paths.length > most) {
    throw new Declined(`${paths.length} files are more than fit into one spec; name a folder`);
  }
  let count = 0;
  const left: string[] = [];
  for (const path of paths) {
    const { changed, diagnostics } = yield* tree.format(path);
    count += changed ? 1 : 0;
    left.push(...diagnostics.map((diagnostic) => `${path}:${diagnostic}`));
  }
  const rest = left.length > 0 ? `; left for a person: ${left.slice(0, 5).join('; ')}` : '';
  return { notes: `format: ${count} of ${paths.length} files${rest}` };
};
