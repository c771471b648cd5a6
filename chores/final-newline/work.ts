// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import { lineEnding } from '../../src/code/edits.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isKnownText } from '../../src/code/literal-lines.ts';

type Args = { readonly files?: readonly string[] };

/** Adds the line break that the file's other lines have. */
export const work: Work<Args, CodeHands> = function* ({ files }, { tree }) {
  const meant = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = meant.filter(isKnownText);
  if (paths.length === 0) throw new Declined('no file in scope is a text of a known kind');
  let count = 0;
  for (const path of paths) {
    const text = yield* tree.read(path);
    if (text === '' || text.endsWith('\n')) continue;
    yield* tree.edit(path, [{ start: text.length, end: text.length, text: lineEnding(text) }]);
    count += 1;
  }
  return { notes: `final-newline: ${count} of ${paths.length} files, the others had one` };
};
