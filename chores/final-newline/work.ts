// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { endsWithBreak } from '../../src/code/literal-lines.ts';
import { lineBreakOf } from '../../src/markdown/text-lines.ts';

type Args = { readonly files?: readonly string[] };

/** Adds the line break that the file's other lines have; a file that cannot be read does not spoil the others. */
export const work: Work<Args, CodeHands> = function* ({ files }, { tree }) {
  const meant = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = meant.filter(endsWithBreak);
  if (paths.length === 0) throw new Declined('no file in scope is a text of a known kind');
  const left: { readonly path: string; readonly reason: string }[] = [];
  let count = 0;
  for (const path of paths) {
    try {
      const text = yield* tree.read(path);
      if (text === '' || /[\r\n]$/.test(text)) continue;
      yield* tree.edit(path, [{ start: text.length, end: text.length, text: lineBreakOf(text) }]);
      count += 1;
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      left.push({ path, reason: `is left as it is (${error.message.slice(0, 300)})` });
    }
  }
  const [first] = left;
  if (first && left.length === paths.length) throw new Declined(`${first.path} ${first.reason}`);
  const others = meant.length - paths.length;
  const rest = others > 0 ? `; ${others} files of other kinds are left` : '';
  return {
    notes: `final-newline: ${count} of ${paths.length} files, the others had one${rest}`,
    left,
  };
};
