// SPDX-License-Identifier: GPL-3.0-only

import type { ExamKind } from '../schema.ts';
import { type CodeDraft, draftCode } from './code/draft-code.ts';
import { isUsableCode } from './code/file-chores.ts';
import { codeSpoils, wayOf } from './code/spoil-code.ts';
import { readClearNote } from './docs/clear-note.ts';
import { type DocsDraft, draftDocs } from './docs/draft-docs.ts';
import { inventNote } from './docs/exam-notes.ts';
import { docsSpoils } from './docs/spoil-docs.ts';
import type { ExamCase, ExamEdits } from './exam-case.ts';
import { type Random, seededRandom } from './seeded-random.ts';

/** A file to make exam patches from; the reviewers' code was not written for it. */
export type ExamSource = { readonly path: string; readonly text: string };

export type ExamOptions = {
  readonly kind: ExamKind;
  readonly seed: number;
  /** Files that are plain enough are used; the rest is invented. */
  readonly sources?: readonly ExamSource[];
  /** How many patches of each truth; default 100. */
  readonly good?: number;
  readonly bad?: number;
};

/** Attempts per bad patch: not every file can be spoiled in every way. */
const mostAttempts = 200;

/** The same patches for the same options, good and bad ones mixed. */
export const composeExam = ({
  kind,
  seed,
  sources = [],
  good = 100,
  bad = 100,
}: ExamOptions): readonly ExamCase[] => {
  const random = seededRandom(seed);
  const makers = kind === 'docs' ? docsMakers(sources, random) : codeMakers(sources, random);
  const cases = [
    ...Array.from({ length: good }, (_, index) => makers.good(`${kind}-good-${index}`)),
    ...Array.from({ length: bad }, (_, index) => makers.bad(`${kind}-bad-${index}`, index)),
  ];
  return random.shuffle(cases);
};

type Makers = {
  readonly good: (id: string) => ExamCase;
  readonly bad: (id: string, index: number) => ExamCase;
};

const docsMakers = (sources: readonly ExamSource[], random: Random): Makers => {
  const clear = sources.flatMap(({ path, text }) => readClearNote(path, text) ?? []);
  const draft = (id: string): DocsDraft => {
    const note = clear.length > 0 && random.chance(0.5) ? random.pick(clear) : inventNote(random);
    return draftDocs(note, random, id);
  };
  return {
    good: (id) => firstChanging(() => draft(id).good),
    bad: (id, index) =>
      spoil(
        docsSpoils,
        index,
        random,
        () => draft(id),
        () => undefined,
      ),
  };
};

const codeMakers = (sources: readonly ExamSource[], random: Random): Makers => {
  const usable = sources.filter(({ path, text }) => isUsableCode(path, text));
  const draft = (id: string): CodeDraft => draftCode(random, id, usable);
  return {
    good: (id) => draft(id).good,
    bad: (id, index) => spoil(codeSpoils, index, random, () => draft(id), wayOf),
  };
};

/** A note of the repository may already be as asked, which makes no patch. */
const firstChanging = (make: () => ExamCase): ExamCase => {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const made = make();
    if (differs(made.edits, made.base)) return made;
  }
  throw new Error('no exam file leaves anything to do');
};

const differs = (edits: ExamEdits, from: ExamEdits): boolean =>
  [...edits].some(([path, text]) => from.get(path) !== text);

/** Goes round the ways to spoil a patch, and takes the next one where a way does not apply. */
const spoil = <D extends DocsDraft | CodeDraft>(
  spoils: Readonly<Record<string, (draft: D, random: Random) => ExamEdits | undefined>>,
  index: number,
  random: Random,
  draft: () => D,
  name: (draft: D, edits: ExamEdits) => string | undefined,
): ExamCase => {
  const ways = Object.entries(spoils);
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const [way, make] = ways[(index + Math.floor(attempt / 20)) % ways.length] ?? [];
    const made = draft();
    const edits = make?.(made, random);
    const { good } = made;
    if (way === undefined || !edits || !isSpoiled(edits, good)) continue;
    return { ...good, truth: 'bad', way: name(made, edits) ?? way, edits };
  }
  throw new Error('no exam file can be spoiled');
};

/** A patch that comes to nothing, or to the good one after all, would be no bad patch. */
const isSpoiled = (edits: ExamEdits, { edits: good, base }: ExamCase): boolean =>
  differs(edits, base) && (differs(edits, good) || differs(good, edits));
