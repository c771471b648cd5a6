// SPDX-License-Identifier: GPL-3.0-only
import { isTest } from '../../code/syntax.ts';
import { memoiseByObject, once } from '../../data/memoise.ts';
import { parentsOf } from '../../workspace/path.ts';
import type { ExamKind } from '../schema.ts';
import { inventPackage } from './code/invented-package.ts';
import { readClearNote } from './docs/clear-note.ts';
import { type ExamNote, inventNote, outsidePath, writeNote } from './docs/exam-notes.ts';
import type { Material } from './draft.ts';
import type { Random } from './seeded-random.ts';
import { pickNoun } from './seeded-words.ts';

/** A file to make exam patches from; the reviewers' code was not written for it. */
export type ExamSource = { readonly path: string; readonly text: string };

const maxLength = 30_000;
const shareOfSources = { docs: 0.5, code: 0.4 };

/**
 * What patches are made of: the sources that are plain enough, the rest invented in these folders, apart from
 * the paths that the repository has.
 */
export const openMaterials = (
  kind: ExamKind,
  sources: readonly ExamSource[],
  folders: readonly string[],
  paths: readonly string[],
): ((random: Random) => Material) => {
  const usable = usableIn(sources)[kind]();
  const rootOf = openRoots(folders, paths);
  return (random) => {
    if (usable.length > 0 && random.chance(shareOfSources[kind])) return random.pick(usable);
    if (kind === 'code') return { is: 'package', ...inventPackage(random, rootOf(random)) };
    return ofNote(inventNote(random, random.pick(['notes/', ...folders])));
  };
};

/** Read once, however many papers are made of them. */
const usableIn = memoiseByObject((sources: readonly ExamSource[]) => ({
  docs: once(() =>
    sources.flatMap(({ path, text }): readonly Material[] => {
      const note = hasPlainName(path) ? readClearNote(path, text) : undefined;
      return note ? [ofNote(note)] : [];
    }),
  ),
  code: once(() => sources.filter(isUsableCode).map(ofSource)),
}));

/** A name that is no glob: a scope may be just that. */
const hasPlainName = (path: string): boolean => !/[*?[\]{}!\\]/.test(path);

/** Folders for packages in which nothing of the repository lies: what is asked for there is asked for nowhere else. */
const openRoots = (
  folders: readonly string[],
  paths: readonly string[],
): ((random: Random) => string) => {
  const present = namesIn(paths);
  const isFree = (root: string): boolean =>
    root === ''
      ? !['src', 'test', 'package.json'].some((name) => present.has(name))
      : !present.has(root.slice(0, -1).toLowerCase());
  // Below a folder of tests every module would be taken for a test.
  const bare = folders.map((folder) => folder.replace(/(?:src|test)\/$/, ''));
  const roots = [...new Set(['', ...bare.filter((root) => !isTest(`${root}a.ts`))])];
  return (random) => {
    const wished = random.pick(roots);
    if (isFree(wished)) return wished;
    const beside = wished === '' ? 'packages/' : wished.replace(/[^/]+\/$/, '');
    const name = `${beside}${pickNoun(random)}`;
    for (let number = 1; ; number += 1) {
      const root = number === 1 ? `${name}/` : `${name}-${number}/`;
      if (isFree(root)) return root;
    }
  };
};

/** Files and folders, in lower case: on some disks `Src` is `src`. */
const namesIn = memoiseByObject((paths: readonly string[]): ReadonlySet<string> => {
  const names = new Set(paths.map((path) => path.toLowerCase()));
  for (const path of paths) for (const folder of parentsOf(path)) names.add(folder.toLowerCase());
  return names;
});

const ofNote = (note: ExamNote): Material => {
  const files = new Map([[note.path, writeNote(note, note.head)]]);
  if (!files.has(outsidePath)) files.set(outsidePath, `# Read me\n\n${note.title}\n`);
  return { is: 'note', note, files };
};

/** TypeScript that chores can be done on by plain text: not large, with LF, no test. */
const isUsableCode = ({ path, text }: ExamSource): boolean =>
  /(?<!\.d)\.[cm]?ts$/.test(path) &&
  hasPlainName(path) &&
  !isTest(path) &&
  text.length < maxLength &&
  !/[\0\r\uFEFF]|^#!/.test(text) &&
  text.endsWith('\n') &&
  text.split('\n').length > 5;

const ofSource = ({ path, text }: ExamSource): Material => ({
  is: 'source',
  path,
  text,
  files: new Map([[path, text]]),
});
