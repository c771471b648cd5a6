// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { fixedComment, redBinComment } from '../../src/morning/red-bin-comment.ts';
import type { SpecSummary } from '../../src/morning/summary.ts';

const spec: SpecSummary = {
  id: 'issue-7',
  title: 'Add header',
  flow: 'docops',
  outcome: 'red-bin',
  reason: 'no unit was approved',
  branch: null,
  commit: null,
  units: { approved: 0, red: 1, skipped: 0 },
  unitDetails: [
    {
      id: 'a',
      state: 'red',
      paths: ['docs/a.md'],
      node: 'test',
      code: 'tests',
      reason: '2 of 3 failed',
    },
  ],
  trace: 'issue-7/a/test',
};

const facts = { spec, night: '2026-11-21', run: undefined, transient: false };

test('says why, where, what to try and where all of it lies', (t) => {
  const run = 'https://github.test/octo/vault/actions/runs/5';
  t.deepEqual(redBinComment({ ...facts, run }).split('\n'), [
    '**This ended red in night `2026-11-21`**: no unit was approved.',
    '',
    '1 unit red:',
    '',
    '- `docs/a.md` at `test`: 2 of 3 failed.',
    '',
    '**To try**: look at the failing tests; if they failed before, fix them first. The next night then works it again; an edit of the issue needs a new approval.',
    '',
    `Every step is in the bundles, [artifacts of the night](${run}): \`gh run download 5 --dir night\`, then \`pantheon trace show --artifacts night 2026-11-21/issue-7/a/test\`.`,
  ]);
});

test('a cause that passes asks nothing of anybody', (t) => {
  t.regex(
    redBinComment({ ...facts, transient: true }),
    /\*\*To try\*\*: nothing; the next night works it again/,
  );
});

test('what a model or a tool said is quoted and does nothing', (t) => {
  const reason = '@ada fixes #1 <!-- pantheon:comment:red-bin --> [x](https://evil.test)\n## More';
  const text = redBinComment({
    ...facts,
    spec: { ...spec, reason, unitDetails: spec.unitDetails.map((unit) => ({ ...unit, reason })) },
  });
  t.false(text.includes('<!--'));
  t.false(/@ada|#1\b|\]\(https:\/\/evil|^## /m.test(text));
});

test('thousands of units are cut, and the number is said', (t) => {
  const unitDetails = Array.from({ length: 5000 }, (_, index) => ({
    id: `unit-${index}`,
    state: 'red' as const,
    paths: [`docs/${index}.md`],
    reason: 'x'.repeat(5000),
  }));
  const text = redBinComment({ ...facts, spec: { ...spec, unitDetails } });
  t.true(text.length < 65_000);
  t.regex(text, /- and 4950 more, in the artifacts/);
});

test('a night that ends it well says so in its place', (t) => {
  const well = { ...spec, outcome: 'pull-request' as const, reason: 'all 3 units approved' };
  t.is(
    fixedComment({ spec: { ...well, branch: 'pantheon/issue-7-abcd1234' }, night: '2026-11-22' }),
    '**No longer red**: night `2026-11-22` finished a pull request, `pantheon/issue-7-abcd1234`: all 3 units approved.',
  );
  const url = 'https://github.test/octo/vault/pull/8';
  t.is(
    fixedComment({ spec: { ...well, branch: 'pantheon/x', url }, night: '2026-11-22' }),
    `**No longer red**: night \`2026-11-22\` finished a pull request, ${url}: all 3 units approved.`,
  );
  t.is(
    fixedComment({ spec: { ...well, reason: 'nothing left' }, night: '2026-11-22' }),
    '**No longer red**: in night `2026-11-22` there was nothing to do: nothing left.',
  );
});
