// SPDX-License-Identifier: GPL-3.0-only
import { normaliseSpec } from '../../../spec/schema.ts';
import type { ExamCase } from '../exam-case.ts';
import type { Random } from '../seeded-random.ts';
import { type CodeChore, doCodeChore } from './code-chores.ts';
import { doChoreOnFile } from './file-chores.ts';
import { inventPackage } from './invented-package.ts';

/** A good code patch together with the chore it does. */
export type CodeDraft = { readonly chore: CodeChore; readonly good: ExamCase };

const scope = ['src/', 'test/'];

/** A good code patch on a file of the repository, else on an invented package. */
export const draftCode = (
  random: Random,
  id: string,
  sources: readonly { readonly path: string; readonly text: string }[] = [],
): CodeDraft => {
  const source = sources.length > 0 && random.chance(0.4) ? random.pick(sources) : undefined;
  const chore =
    (source && doChoreOnFile(source.path, source.text, random)) ??
    doCodeChore(inventPackage(random), random);
  const spec = normaliseSpec({ title: 'Exam', scope, acceptance: [...chore.acceptance] }, 'exam');
  const good: ExamCase = {
    id,
    kind: 'code',
    truth: 'good',
    way: chore.way,
    spec,
    unit: { id: 'exam', kind: 'spec', paths: spec.scope },
    base: chore.base,
    edits: chore.edits,
  };
  return { chore, good };
};
