// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { renderReport } from '../../src/morning/report.ts';
import {
  countOutcomes,
  type SpecSummary,
  type Summary,
  summarySchema,
} from '../../src/morning/summary.ts';

const spec = (id: string, more: Partial<SpecSummary> = {}): SpecSummary => ({
  id,
  title: `Title of ${id}`,
  flow: 'docops',
  outcome: 'pull-request',
  reason: 'approved by both reviewers',
  branch: `pantheon/${id}-12345678`,
  commit: 'c'.repeat(40),
  units: { approved: 1, red: 0, skipped: 0 },
  unitDetails: [{ id: 'u', state: 'approved', paths: ['a.md'] }],
  trace: `${id}/pull-request/pr.md`,
  ...more,
});

const redBin = (id: string, more: Partial<SpecSummary> = {}) =>
  spec(id, {
    outcome: 'red-bin',
    branch: null,
    commit: null,
    reason: 'test: it is red.',
    units: { approved: 0, red: 1, skipped: 0 },
    unitDetails: [
      { id: 'u', state: 'red', paths: ['a.md'], node: 'test', code: 'tests', reason: 'it is red' },
    ],
    trace: `${id}/u/test`,
    ...more,
  });

const summaryOf = (specs: readonly SpecSummary[], more: Partial<Summary> = {}): Summary =>
  summarySchema.parse({
    version: 1,
    night: '2026-11-21',
    startedAt: '2026-11-21T02:00:00Z',
    base: 'b'.repeat(40),
    profile: 'embedded',
    confinement: 'bubblewrap',
    specs,
    counts: countOutcomes(specs),
    reviewers: [],
    notices: [],
    ...more,
  });

const linesOf = (summary: Summary) => renderReport(summary).split('\n');

test('tells the night by outcome, with what to look at', (t) => {
  const skipped = spec('three', {
    outcome: 'skipped',
    branch: null,
    reason: 'its pull request is open',
  });
  t.deepEqual(linesOf(summaryOf([redBin('two'), spec('one'), skipped])), [
    '# Night 2026-11-21',
    '',
    '1 pull request, 1 red bin, 1 skipped. Base `bbbbbbbbbbbb`, profile `embedded`, tests and checks confined by bubblewrap.',
    '',
    '## Pull requests',
    '',
    '- `pantheon/one-12345678` Title of one: 1 approved. Look at `one/pull-request/pr.md`.',
    '',
    '## Red bins',
    '',
    '- `two` Title of two: test: it is red. Look: `pantheon trace show 2026-11-21/two/u/test`.',
    '',
    '## Skipped',
    '',
    '- `three`: its pull request is open',
    '',
  ]);
});

test('a night without specs has no empty sections', (t) => {
  t.deepEqual(
    linesOf(summaryOf([])).filter((line) => line.startsWith('##')),
    [],
  );
});

test('units left red stand below their pull request, and a thousand of them are counted', (t) => {
  const unitDetails = Array.from({ length: 1000 }, (_, index) => ({
    id: `u${index}`,
    state: 'red' as const,
    paths: [`${index}.md`],
    node: 'doc',
    reason: 'it is binary',
  }));
  const lines = linesOf(
    summaryOf([spec('one', { units: { approved: 2, red: 1000, skipped: 3 }, unitDetails })]),
  );
  const at = lines.findIndex((line) => line.startsWith('- `pantheon/one'));
  t.regex(lines[at] ?? '', /: 2 approved, 1000 red, 3 as asked already\. /);
  t.is(lines[at + 1], '  - `0.md` (doc): it is binary');
  t.is(lines[at + 21], '  - and 980 more in summary.json');
  t.true(lines.length < 40);
});

test('says what confined nothing, who reviewed and what was noticed', (t) => {
  const lines = linesOf(
    summaryOf([spec('one')], {
      confinement: 'nothing',
      notices: ['specs/bad.yaml:1:1: title: is missing'],
      reviewers: [
        {
          flow: 'docops',
          state: 'alert',
          kappa: 0.5,
          ac1: null,
          agreement: 0.75,
          pairs: 20,
          line: 'kappa 0.50 over 20 pairs, alert',
          exams: [
            {
              reviewer: 'reviewA',
              kind: 'docs',
              passed: true,
              falseApprovals: 1,
              falseRejections: 0,
            },
            {
              reviewer: 'reviewB',
              kind: 'docs',
              passed: false,
              falseApprovals: 9,
              falseRejections: 2,
            },
          ],
        },
      ],
    }),
  );
  t.true(lines.join('\n').includes('confined by nothing'));
  t.true(lines.includes('- `docops`: kappa 0.50 over 20 pairs, alert'));
  t.true(lines.includes('  - reviewB, docs exam failed: 9 false approvals, 2 false rejections'));
  t.true(lines.includes('- specs/bad.yaml:1:1: title: is missing'));
});

test('what others wrote says its words and does nothing', (t) => {
  const evil = 'x\n## Pull requests\n- <b>ok</b> `a` [l](u) @admin #1 \u001b[2J\u009b0m\u202e';
  const unitDetails = [
    { id: 'u', state: 'red' as const, paths: [`a\`${evil}`], node: 'doc', reason: evil },
    { id: 'v', state: 'red' as const, paths: ['b'], node: 'doc', reason: evil },
  ];
  const text = renderReport(
    summaryOf([redBin('two', { title: evil, reason: evil, unitDetails })], {
      notices: [evil],
      profile: '`x`',
    }),
  );
  t.notRegex(text.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
  t.deepEqual(text.match(/^#.*$/gm), ['# Night 2026-11-21', '## Red bins', '## Notices']);
  t.is(text.match(/^ *- /gm)?.length, 4);
  t.notRegex(text.replace(/`[^`\n]+`/g, ''), /(?<!\\)[<[]|@\w|#\d/);
});

test('nothing that others wrote reaches the page as a control character', (t) => {
  const esc = '\u001b[31m\u009b2J\u202e';
  const hostile = redBin(`two${esc}`, {
    title: `T${esc}`,
    reason: `R${esc}`,
    trace: `two${esc}/u`,
    unitDetails: ['a', 'b'].map((id) => ({
      id,
      state: 'red' as const,
      paths: [`a${esc}.md`],
      node: `n${esc}`,
      reason: `r${esc}`,
    })),
  });
  const opened = spec(`one${esc}`, { title: `T${esc}`, branch: `b${esc}`, trace: `t${esc}` });
  const page = renderReport(
    summaryOf([hostile, opened], {
      profile: `p${esc}`,
      notices: [`n${esc}`],
      reviewers: [
        {
          flow: `f${esc}`,
          state: 'ok',
          kappa: null,
          ac1: null,
          agreement: null,
          pairs: 0,
          line: `l${esc}`,
          exams: [
            {
              reviewer: `r${esc}`,
              kind: `k${esc}`,
              passed: true,
              falseApprovals: 0,
              falseRejections: 0,
            },
          ],
        },
      ],
    }),
  );
  t.notRegex(page.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});
