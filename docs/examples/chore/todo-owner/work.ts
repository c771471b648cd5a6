// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, Declined } from 'pantheon/chore';

/** `args` are those of chore.yaml; `tree` has the files, read and changed by `yield*`. */
export function* work({ owner, files }, { tree }) {
  const paths = (yield* tree.containing('TODO')).filter(coveredBy(files)).filter(tree.mayWrite);
  if (paths.length === 0) throw new Declined('there is no TODO in these files');
  let count = 0;
  for (const path of paths) {
    const text = yield* tree.read(path);
    const edits = [...text.matchAll(/\bTODO(?=:)/g)].map(({ index }) => ({
      start: index + 4,
      end: index + 4,
      text: `(${owner})`,
    }));
    yield* tree.edit(path, edits);
    count += edits.length;
  }
  return { notes: `todo-owner: ${count} places` };
}
