// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { type Notice, noticesIn } from './notices.ts';

type Args = { readonly year: number; readonly holder?: string; readonly files?: readonly string[] };

/** Looks for notices in every file that speaks of copyright. */
export const work: Work<Args, CodeHands> = function* ({ year, holder, files }, { tree }) {
  const paths = new Set<string>();
  for (const mark of ['Copyright', 'copyright', 'COPYRIGHT', '©', '(c)', '(C)']) {
    for (const path of yield* tree.containing(mark)) paths.add(path);
  }
  const meant = [...paths].sort().filter(coveredBy(files)).filter(tree.mayWrite);
  const found = new Map<string, readonly Notice[]>();
  for (const path of meant) {
    const notices = noticesIn(yield* tree.read(path));
    found.set(
      path,
      holder === undefined ? notices : notices.filter((one) => one.holder === holder),
    );
  }
  const holders = new Set([...found.values()].flat().map((notice) => notice.holder));
  if (holders.size === 0) throw new Declined('no copyright notice with a year is in these files');
  if (holders.size > 1) {
    const names = [...holders].map((name) => `"${name}"`).join(', ');
    throw new Declined(`the notices name several holders: ${names}; say whose year it is`);
  }
  let count = 0;
  for (const [path, notices] of found) {
    const edits = notices.flatMap((notice) => editOf(notice, year));
    yield* tree.edit(path, edits);
    count += edits.length;
  }
  return { notes: `copyright-year: ${count} notices, the others had it` };
};

const editOf = ({ at, years, first, last }: Notice, year: number): readonly TextEdit[] =>
  last >= year ? [] : [{ start: at, end: at + years.length, text: `${first}-${year}` }];
