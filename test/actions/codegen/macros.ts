// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { drive, type Files } from '../../../bench/codegen/drive.ts';
import { caseOf, reviewers } from '../review-peer/macros.ts';

/** The chore is done as expected, and done again changes nothing; both reviewers approve it. */
export const does = test.macro(
  async (t, files: Files, acceptance: readonly string[], expected: Files, scope: string = '**') => {
    const spec = { title: 'A chore', scope, acceptance: [...acceptance] };
    const result = await drive(files, spec);
    t.is(result.status, 'ok', result.notes);
    t.deepEqual(Object.fromEntries(result.changed), expected);
    const again = await drive({ ...files, ...expected }, spec);
    t.is(again.status, 'ok', again.notes);
    t.is(again.changed.size, 0, 'a second run changes nothing');
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(caseOf(spec, files, expected));
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    }
  },
);

/** The agent says why it cannot. */
export const declines = test.macro(
  async (t, files: Files, acceptance: readonly string[], notes: RegExp, scope: string = '**') => {
    const result = await drive(files, { title: 'A chore', scope, acceptance: [...acceptance] });
    t.is(result.status, 'fail', result.notes);
    t.regex(result.notes, notes);
  },
);
