// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { ExamCase } from '../../../src/review/exam/exam-case.ts';
import type { SpecFile } from '../../../src/spec/schema.ts';
import { caseOf, reviewers } from '../../actions/review-peer/macros.ts';

/** A note before and after, and what is asked of it. */
export type NoteCase = {
  readonly before: string;
  readonly after: string;
  readonly path?: string;
  readonly acceptance?: readonly string[];
  readonly rules?: SpecFile['rules'];
  /** Dates of the first and the last commit. */
  readonly day?: string;
  readonly lastDay?: string;
};

const standing = ['The frontmatter of every note is normalised'];

/** What each of the two judges finds, asked alone. */
export const findings = async (
  note: NoteCase,
): Promise<Readonly<Record<string, readonly string[]>>> => {
  const {
    before,
    after,
    path = 'my note.md',
    acceptance = standing,
    rules = {},
    day,
    lastDay,
  } = note;
  const examCase: ExamCase = {
    ...caseOf({ acceptance: [...acceptance], rules }, { [path]: before }, { [path]: after }),
    unit: { id: 'u', kind: 'file', paths: [path] },
  };
  const settings = {
    ...(day !== undefined && { firstCommitDates: { [path]: day } }),
    ...(lastDay !== undefined && { lastCommitDates: { [path]: lastDay } }),
  };
  const found: Record<string, readonly string[]> = {};
  for (const [name, ask] of Object.entries(reviewers)) {
    const opinion = await ask(examCase, undefined, settings);
    found[name] = opinion.verdict === 'approve' ? [] : opinion.findings;
  }
  return found;
};

/** Both judges let the patch pass. */
export const good = test.macro({
  title: (name) => `good: ${name}`,
  async exec(t, note: NoteCase) {
    t.deepEqual(await findings(note), { acceptance: [], redoing: [] });
  },
});

/** Each of the two stops the patch, with a finding that matches. */
export const bad = test.macro({
  title: (name) => `bad: ${name}`,
  async exec(t, note: NoteCase, finding: RegExp = /./) {
    for (const [name, found] of Object.entries(await findings(note)))
      t.regex(found.join('\n'), finding, name);
  },
});

/** Nothing was done, and the one that works the note again sees that something was to be done. */
export const undone = test.macro({
  title: (name) => `undone: ${name}`,
  async exec(t, note: Omit<NoteCase, 'after'>, finding: RegExp = /./) {
    const { redoing = [] } = await findings({ ...note, after: note.before });
    t.regex(redoing.join('\n'), finding);
  },
});
