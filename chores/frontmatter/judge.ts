// SPDX-License-Identifier: GPL-3.0-only
import type { Judge, PatchView, Texts } from '../../src/chore/patch.ts';
import { firstCommitDateOf } from '../../src/markdown/first-commit-date.ts';
import { type Asked, askedOf } from './judging/asked.ts';
import { judgeNote, withBlockOf } from './judging/note.ts';

/** Gives each note that is spoken of its old block back; the block is judged as a whole, once for all docs chores. */
export const judge: Judge<unknown> = (_, patch, texts) => {
  const findings = judged.get(patch) ?? judgePatch(patch, texts);
  judged.set(patch, findings);
  const left: [string, string | undefined][] = notesOf(patch, texts).map(({ path, before }) => {
    const text = texts.get(path);
    return [path, text === undefined ? text : withBlockOf(text, before)];
  });
  return { texts: new Map(left) satisfies Texts, findings };
};

const judged = new WeakMap<PatchView, readonly string[]>();

type Note = {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly asked: Asked;
};

/** What other chores do after this one is taken back from the texts already. */
const judgePatch = (patch: PatchView, texts: Texts): readonly string[] =>
  notesOf(patch, texts).flatMap(({ asked, ...note }) =>
    judgeNote({ ...note, day: firstCommitDateOf(patch.with, note.path) }, asked).map(
      (finding) => `${note.path}: ${finding}`,
    ),
  );

/** The changed documents that sentences or rules speak of; no other is this chore's. */
const notesOf = (patch: PatchView, texts: Texts): readonly Note[] =>
  patch.paths.flatMap((path) => {
    const [before, after] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || after === undefined || !/\.(?:md|markdown)$/i.test(path)) return [];
    const asked = askedOf(patch, path);
    return asked ? [{ path, before, after, asked }] : [];
  });
