// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import { type FormatArgs, isMeant } from './kinds.ts';

/** So many files fit into an agent's steps. */
const most = 350;

/** Lets Biome write each file. */
export const work: Work<FormatArgs, CodeHands> = function* ({ files, part }, { tree }) {
  const only = part === 'imports' ? part : undefined;
  const all = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = all.filter(isMeant(part));
  if (paths.length === 0)
    throw new Declined(
      `no file in scope is of a kind ${only ? 'that has imports' : 'that Biome formats'}`,
    );
  if (paths.length > most) {
    throw new Declined(`${paths.length} files are more than fit into one spec; name a folder`);
  }
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  for (const path of paths) {
    const { changed, diagnostics } = yield* formatted(tree, path, only);
    count += changed ? 1 : 0;
    const [first] = diagnostics;
    if (first !== undefined)
      left.push({
        path,
        reason: `${only ? 'keeps its imports' : 'is not formatted'}: ${first}`.slice(0, 400),
      });
  }
  const reasons = left.map(({ path, reason }) => `${path} ${reason}`).slice(0, 5);
  if (left.length === paths.length) throw new Declined(reasons.join('; '));
  const done = `${only ? 'imports sorted' : 'format'}: ${count} of ${paths.length} files`;
  return { notes: [done, ...reasons].join('; '), left };
};

/** What cannot be formatted is left, and the others are not. */
function* formatted(tree: WorkingTree, path: string, only: 'imports' | undefined) {
  try {
    return yield* tree.format(path, only);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    return { changed: false, diagnostics: [error.message] };
  }
}
