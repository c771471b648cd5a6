// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { sumTests } from '../../../actions/merge-gate/totals.ts';
import type { Output } from '../../../src/agent/schema.ts';

const counts = { passed: 2, failed: 0, skipped: 0 };
const output = (result: Output['result']): Output => ({
  status: 'ok',
  notes: '',
  metrics: {},
  result,
});
const docs = output({ ...counts, checks: [] });
const code = output({ ...counts, checks: { passed: 0, failed: 0 } });

test('checks of documents are counted as checks, tests as tests', (t) => {
  t.is(sumTests([docs, docs]).counted, 'checks');
  for (const outputs of [[code], [docs, code], []]) t.is(sumTests(outputs).counted, undefined);
  t.is(sumTests([docs, code]).passed, 4);
});

test('what fails without the patch too is summed apart, where there is any', (t) => {
  const before = output({ ...counts, failedBefore: 2 });
  t.like(sumTests([before, code, before]), { failed: 0, failedBefore: 4 });
  t.false('failedBefore' in sumTests([code]));
});

test("the spec's checks are counted once, however many nodes run them", (t) => {
  const checked = output({ ...counts, checks: { passed: 3, failed: 0 } });
  t.is(sumTests([checked, docs, checked]).checks, 3);
  t.false('checks' in sumTests([code, docs]));
});
