// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isTest } from '../../code/syntax.ts';
import type { ExamKind } from '../schema.ts';
import { inventPackage } from './code/invented-package.ts';
import { readClearNote } from './docs/clear-note.ts';
import { type ExamNote, inventNote, outsidePath, writeNote } from './docs/exam-notes.ts';
import type { Material } from './draft.ts';
import type { ExamFiles } from './exam-case.ts';
import type { Random } from './seeded-random.ts';

/** A file to make exam patches from; the reviewers' code was not written for it. */
export type ExamSource = { readonly path: string; readonly text: string };

const maxLength = 30_000;
const shareOfSources = { docs: 0.5, code: 0.4 };

/** What patches are made of: the sources that are plain enough, the rest invented in these folders. */
export const openMaterials = (
  kind: ExamKind,
  sources: readonly ExamSource[],
  folders: readonly string[],
): ((random: Random) => Material) => {
  const usable =
    kind === 'docs'
      ? sources.flatMap(({ path, text }) => {
          const note = readClearNote(path, text);
          return note ? [ofNote(note)] : [];
        })
      : sources.filter(isUsableCode).map(ofSource);
  // Below a folder of tests every module would be taken for a test.
  const bare = folders.map((folder) => folder.replace(/(?:src|test)\/$/, ''));
  const roots = [...new Set(['', ...bare.filter((root) => !isTest(`${root}a.ts`))])];
  return (random) => {
    if (usable.length > 0 && random.chance(shareOfSources[kind])) return random.pick(usable);
    if (kind === 'code') return { is: 'package', ...inventPackage(random, random.pick(roots)) };
    return ofNote(inventNote(random, random.pick(['notes/', ...folders])));
  };
};

const ofNote = (note: ExamNote): Material => {
  const files = new Map([[note.path, writeNote(note, note.head)]]);
  if (!files.has(outsidePath)) files.set(outsidePath, `# Read me\n\n${note.title}\n`);
  return { is: 'note', note, files };
};

/** TypeScript that chores can be done on by plain text: not large, with LF. */
const isUsableCode = ({ path, text }: ExamSource): boolean =>
  /(?<!\.d)\.[cm]?ts$/.test(path) &&
  text.length < maxLength &&
  !/[\0\r\uFEFF]|^#!/.test(text) &&
  text.endsWith('\n') &&
  text.split('\n').length > 5;

const ofSource = ({ path: from, text }: ExamSource): Material => {
  const path = `src/${posix.basename(from)}`;
  const files: ExamFiles = new Map([
    [path, text],
    ['package.json', `${JSON.stringify({ type: 'module', scripts: { test: 'ava' } }, null, 2)}\n`],
  ]);
  return { is: 'source', path, text, files };
};
