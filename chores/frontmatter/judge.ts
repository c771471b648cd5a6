// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, type PatchView, type Texts, undoneIn } from '../../src/chore/patch.ts';
import type { Script } from '../../src/chore/script.ts';
import { commitDaysOf } from '../../src/markdown/commit-days.ts';
import { type Asked, askedOf } from './judging/asked.ts';
import { judgeNote, withBlockOf } from './judging/note.ts';

/** Gives each note that is spoken of its old block back; the block is judged as a whole, once for all docs chores. */
export const judge: Judge<unknown> = function* (_, patch, texts) {
  const findings = judged.get(patch) ?? (yield* judgePatch(patch, texts));
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
function* judgePatch(patch: PatchView, texts: Texts): Script<readonly string[]> {
  const daysOf = (path: string) => commitDaysOf(patch.with, path);
  const findings = notesOf(patch, texts).flatMap(({ asked, ...note }) =>
    judgeNote({ ...note, days: daysOf(note.path) }, asked).map(
      (finding) => `${note.path}: ${finding}`,
    ),
  );
  // Where each note is a unit of its own, the others are judged as theirs.
  if (patch.worked.length > 0) return findings;
  const others = yield* undoneIn(patch, isNote, (path, text) => {
    const asked = askedOf(patch, path);
    const lacking = asked
      ? judgeNote({ path, before: text, after: text, days: daysOf(path) }, asked)
      : [];
    return lacking.some((finding) => finding.startsWith('the key'));
  });
  return [...findings, ...others];
}

const isNote = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** The changed documents that sentences or rules speak of; no other is this chore's. */
const notesOf = (patch: PatchView, texts: Texts): readonly Note[] =>
  patch.paths.flatMap((path) => {
    const [before, after] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || after === undefined || !isNote(path)) return [];
    const asked = askedOf(patch, path);
    return asked ? [{ path, before, after, asked }] : [];
  });
