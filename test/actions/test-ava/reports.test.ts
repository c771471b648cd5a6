// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { readTap, type TapReport } from '../../../actions/test-ava/tap.ts';

type Row = { readonly tap: string; readonly expected: Partial<TapReport> };

const rows: Readonly<Record<string, Row>> = {
  'counts each kind': {
    tap: 'TAP version 13\nok 1 - a\nok 2 - b # SKIP\nnot ok 3 - c # TODO\nok 4 - d\n1..4\n',
    expected: { passed: 2, failed: 0, skipped: 1, todo: 1, ok: true, failures: [] },
  },
  'names a failure with its reasons': {
    tap: "TAP version 13\nnot ok 1 - sum\n  ---\n    name: AssertionError\n    message: adds up\n    details:\n      'Difference (- actual, + expected):': |-\n        - 1\n        + 2\n    at: 'a.test.ts:3:1'\n  ...\n1..1\n",
    expected: { failed: 1, ok: false, failures: ['sum: adds up: - 1 + 2'] },
  },
  'does not believe the closing comments': {
    tap: 'TAP version 13\nnot ok 1 - a\n1..1\n# tests 9\n# pass 9\n# fail 0\n',
    expected: { passed: 0, failed: 1, ok: false },
  },
  'a plan that is missing': {
    tap: 'TAP version 13\nok 1 - a\n',
    expected: { passed: 1, ok: false, failures: ['not TAP: no plan'] },
  },
  'a plan that was not kept': { tap: 'TAP version 13\nok 1 - a\n1..3\n', expected: { ok: false } },
  'a test beyond the plan': {
    tap: 'TAP version 13\n1..1\nok 1 - a\nok 2 - b\n',
    expected: { ok: false },
  },
  'a second plan': { tap: 'TAP version 13\nok 1 - a\n1..1\n1..1\n', expected: { ok: false } },
  'a bail out': { tap: 'TAP version 13\nok 1 - a\nBail out!\n1..1\n', expected: { ok: false } },
  'lines that are no TAP': {
    tap: 'TAP version 13\nok 1 - a\nhello\n1..1\n',
    expected: { passed: 1, ok: false },
  },
  'an empty plan': { tap: 'TAP version 13\n1..0\n', expected: { passed: 0, failed: 0 } },
  nothing: { tap: '', expected: { passed: 0, failed: 0, ok: false } },
};

for (const [title, { tap, expected }] of Object.entries(rows)) {
  test(title, (t) => {
    t.like(readTap(tap), expected);
  });
}
