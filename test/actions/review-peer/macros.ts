// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { ExamCase } from '../../../src/review/exam/exam-case.ts';
import { normaliseSpec, type SpecFile, specFileSchema } from '../../../src/spec/schema.ts';
import { type Asked, openReviewer } from '../../review/ask-reviewer.ts';

/** A shipped reviewer, opened once; nothing waits for it where tests are declared. */
const asked = (rules: string): Asked => {
  const opened = openReviewer(rules);
  return async (...about) => (await opened)(...about);
};

/** The two shipped reviewers. */
export const reviewers: Readonly<Record<'acceptance' | 'redoing', Asked>> = {
  acceptance: asked('by-acceptance'),
  redoing: asked('by-redoing'),
};

type Files = Readonly<Record<string, string | undefined>>;

/** A patch of files, judged under a spec; files that are in `after` only are new. */
export const caseOf = (file: Partial<SpecFile>, before: Files, after: Files): ExamCase => {
  const spec = normaliseSpec(
    specFileSchema.parse({ title: 'T', scope: '**', acceptance: ['A'], ...file }),
    'spec',
  );
  const base = new Map(Object.entries(before).map(([path, text]) => [path, text ?? '']));
  const unit = { id: 'u', kind: 'spec', paths: spec.scope } as const;
  return {
    id: 'x',
    kind: 'docs',
    truth: 'good',
    way: '',
    spec,
    unit,
    base,
    edits: new Map(Object.entries(after)),
  };
};

/** Both reviewers approve. */
export const approved = test.macro(
  async (t, file: Partial<SpecFile>, before: Files, after: Files) => {
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(caseOf(file, before, after));
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    }
  },
);

/** Both reject; every finding list matches. */
export const rejected = test.macro(
  async (t, file: Partial<SpecFile>, before: Files, after: Files, finding?: RegExp) => {
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(caseOf(file, before, after));
      t.is(verdict, 'reject', name);
      t.true(findings.length > 0, name);
      if (finding) t.regex(findings.join('\n'), finding, name);
    }
  },
);
