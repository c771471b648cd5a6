// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isKnownText, literalLines } from '../../src/code/literal-lines.ts';

type Args = { readonly files?: readonly string[] };

/** Strips every line that may be, file by file. */
export const work: Work<Args, CodeHands> = function* ({ files }, { tree }) {
  const meant = (yield* tree.files()).filter(coveredBy(files)).filter(tree.mayWrite);
  const paths = meant.filter(isKnownText);
  if (paths.length === 0)
    throw new Declined('no file in scope is of a kind whose blanks are known');
  let count = 0;
  for (const path of paths) {
    const text = yield* tree.read(path);
    const literal = literalLines(path, text);
    let start = 0;
    const edits = text.split('\n').flatMap((line, index) => {
      const [blanks = ''] = /[ \t]+(?=\r?$)/.exec(line) ?? [];
      const end = start + line.replace(/\r$/, '').length;
      start += line.length + 1;
      return blanks === '' || literal.has(index)
        ? []
        : [{ start: end - blanks.length, end, text: '' }];
    });
    yield* tree.edit(path, edits);
    count += edits.length;
  }
  const others = meant.length - paths.length;
  const left = others > 0 ? `; ${others} files of other kinds are left` : '';
  return { notes: `no-trailing-whitespace: ${count} lines in ${paths.length} files${left}` };
};
