// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../bench/codegen/drive.ts';
import type { Output } from '../../src/agent/schema.ts';
import type { SpecFile } from '../../src/spec/schema.ts';
import { caseOf, reviewers } from '../actions/review-peer/macros.ts';

type Asked = readonly string[] | Partial<SpecFile>;

const specOf = (asked: Asked): SpecFile => ({
  title: 'A chore',
  scope: '**',
  ...('length' in asked ? { acceptance: [...(asked as readonly string[])] } : (asked as SpecFile)),
});

/** The rules do it as expected, both reviewers approve that, and done again it changes nothing. */
export const worked = test.macro(async (t, asked: Asked, files: Files, expected: Files) => {
  const spec = specOf(asked);
  const { status, notes, changed, result = {} } = await drive(files, spec);
  t.is(status, 'ok', notes);
  const after = Object.fromEntries(changed);
  t.deepEqual(after, expected);
  for (const [name, ask] of Object.entries(reviewers)) {
    const said = {
      work: { notes, metrics: {}, result: result as Output['result'] },
      test: { notes: 'no tests ran', metrics: {}, result: {} },
    };
    const { verdict, findings } = await ask({ ...caseOf(spec, files, after), said });
    t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
  }
  const again = await drive({ ...files, ...after }, spec);
  t.is(again.status, 'ok', again.notes);
  t.is(again.changed.size, 0, 'a second run changes nothing');
});

/** The rules say why they cannot. */
export const declined = test.macro(async (t, asked: Asked, files: Files, notes: RegExp) => {
  const result = await drive(files, specOf(asked));
  t.is(result.status, 'fail', result.notes);
  t.regex(result.notes, notes);
  t.is(result.changed.size, 0);
});

/** The reviewer that may look at the whole tree names a file in which nothing was done. */
export const undone = test.macro(async (t, asked: Asked, before: Files, after: Files) => {
  const { verdict, findings } = await reviewers.redoing(caseOf(specOf(asked), before, after));
  t.is(verdict, 'reject');
  t.regex(findings.join('\n'), /: what is asked was not done here/);
});
