// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined, type Script } from '../../src/chore/script.ts';
import type { Work, WorkDone } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';

type Args = { readonly files?: readonly string[] };

/** Strips every line that may be, file by file; one that cannot be read does not spoil the others. */
export const work: Work<Args, CodeHands> = function* ({ files }, { tree }) {
  const meant = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = meant.filter(isKnownText);
  if (paths.length === 0)
    throw new Declined('no file in scope is of a kind whose blanks are known');
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  for (const path of paths) {
    try {
      count += yield* strip(tree, path);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      left.push({ path, reason: `is left as it is (${error.message.slice(0, 300)})` });
    }
  }
  if (left[0] && left.length === paths.length)
    throw new Declined(`${left[0].path} ${left[0].reason}`);
  const others = meant.length - paths.length;
  const rest = others > 0 ? `; ${others} files of other kinds are left` : '';
  const done: WorkDone = {
    notes: `no-trailing-whitespace: ${count} lines in ${paths.length - left.length} files${rest}`,
    left,
  };
  return done;
};

/** How many lines lost blanks. */
function* strip(tree: WorkingTree, path: string): Script<number> {
  const text = yield* tree.read(path);
  const literal = literalLines(path, text);
  let start = 0;
  const edits = text.split('\n').flatMap((line, index) => {
    const bare = line.replace(/\r$/, '');
    const end = start + bare.length;
    const kept = start + bare.replace(/[ \t]+$/, '').length;
    start += line.length + 1;
    return kept === end || literal.has(index) ? [] : [{ start: kept, end, text: '' }];
  });
  yield* tree.edit(path, edits);
  return edits.length;
}
