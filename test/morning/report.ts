// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { FindingCode } from '../../src/data/findings/table.ts';
import { renderReport } from '../../src/morning/report.ts';
import { type SpecSummary, type Summary, summarySchema } from '../../src/morning/summary.ts';
import { measuredEngine, redBinSummary, reportLines, specSummary, summaryOf } from './summaries.ts';

test('tells the night by outcome, with what to look at', (t) => {
  const skipped = specSummary('three', {
    outcome: 'skipped',
    branch: null,
    reason: 'its pull request is open',
  });
  t.deepEqual(reportLines(summaryOf([redBinSummary('two'), specSummary('one'), skipped])), [
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
    '**Tests failed** (`test.failed`, 1). To try: Look at the failing tests; say in the spec what they expect, or fix them first if they are wrong.',
    '',
    '- `two` Title of two: test: it is red. Look: `pantheon trace show 2026-11-21/two/u/test`.',
    '',
    '## Skipped',
    '',
    '- `three`: its pull request is open',
    '',
  ]);
});

const places: Readonly<Record<string, readonly [Partial<SpecSummary>, string]>> = {
  'on a forge with pages': [
    { url: 'https://github.test/octo/vault/pull/4' },
    'Look at https://github.test/octo/vault/pull/4.',
  ],
  'on its way': [
    { waiting: 'GitHub cannot be reached: <b>' },
    'It waits to be sent: GitHub cannot be reached: \\<b\\>.',
  ],
};

for (const [where, [more, end]] of Object.entries(places)) {
  test(`a pull request ${where}`, (t) => {
    const line = reportLines(summaryOf([specSummary('one', more)])).find((text) =>
      text.startsWith('- '),
    );
    t.is(line, `- \`pantheon/one-12345678\` Title of one: 1 approved. ${end}`);
  });
}

test('a dry run says so before it counts pull requests', (t) => {
  const [, , line] = reportLines(summaryOf([specSummary('one')], { dryRun: true }));
  t.regex(line ?? '', /^\*\*Dry run\*\*: no pull request was opened/);
});

test('a night without specs has no empty sections', (t) => {
  t.deepEqual(
    reportLines(summaryOf([])).filter((line) => line.startsWith('##')),
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
  const lines = reportLines(
    summaryOf([specSummary('one', { units: { approved: 2, red: 1000, skipped: 3 }, unitDetails })]),
  );
  const at = lines.findIndex((line) => line.startsWith('- `pantheon/one'));
  t.regex(lines[at] ?? '', /: 2 approved, 1000 red, 3 already as asked\. /);
  t.is(lines[at + 1], '  - `0.md` (doc): it is binary');
  t.is(lines[at + 21], '  - and 980 more in summary.json');
  t.true(lines.length < 40);
});

test('files left out stand below their pull request', (t) => {
  const left = [{ path: 'a.mdx', reason: 'has the ending .mdx' }];
  const lines = reportLines(summaryOf([specSummary('one', { left })]));
  const at = lines.findIndex((line) => line.startsWith('- `pantheon/one'));
  t.regex(lines[at] ?? '', /, 1 left out\. /);
  t.is(lines[at + 1], '  - `a.mdx` left out: has the ending .mdx');
});

type Reviewed = Summary['reviewers'][number];

const exam = (more: Partial<Reviewed['exams'][number]>): Reviewed['exams'][number] => ({
  ...{ reviewer: 'reviewA', kind: 'docs', passed: false, asked: 200, of: 200 },
  ...{ falseApprovals: 0, falseRejections: 0 },
  ...more,
});

const reviewed = (more: Partial<Reviewed>): Reviewed => ({
  ...{ flow: 'docops', state: 'alert', kappa: 0.5, ac1: null, agreement: 0.75, pairs: 20 },
  ...{ line: 'kappa 0.50 over 20 pairs, alert', exams: [] },
  ...more,
});

test('says what confined nothing, who reviewed and what was noticed', (t) => {
  const lines = reportLines(
    summaryOf([specSummary('one')], {
      confinement: 'nothing',
      notices: ['specs/bad.yaml:1:1: title: is missing'],
      reviewers: [
        reviewed({
          exams: [
            exam({ passed: true, falseApprovals: 1 }),
            exam({
              reviewer: 'reviewB',
              falseApprovals: 9,
              falseRejections: 2,
              unanswered: { repeat: 3, steps: 1 },
            }),
            exam({ kind: 'code', asked: 25, falseApprovals: 11 }),
            exam({
              reviewer: 'reviewB',
              kind: 'code',
              asked: 0,
              broken: 'nothing listens on /run/x.sock.',
            }),
          ],
        }),
      ],
    }),
  );
  t.true(lines.join('\n').includes('confined by nothing'));
  const host = [{ what: 'rules', outcome: 'absent' as const, detail: 'nft is not installed' }];
  t.is(
    reportLines(summaryOf([], { host }))[4],
    'The machine itself: rules: absent (nft is not installed).',
  );
  t.true(lines.includes('- `docops`: kappa 0.50 over 20 pairs, alert'));
  const at = lines.indexOf('  - reviewA, docs exam passed: 1 false approval, 0 false rejections');
  t.deepEqual(lines.slice(at + 1, at + 4), [
    '  - reviewB, docs exam failed: 9 false approvals, 2 false rejections (no verdict on 4: 3 repeat, 1 steps). Its verdicts did not count',
    '  - reviewA, code exam failed after 25 of 200 patches: 11 false approvals, 0 false rejections. Its verdicts did not count',
    '  - reviewB could not finish the code exam: nothing listens on /run/x.sock. Its verdicts did not count',
  ]);
  t.true(lines.includes('- specs/bad.yaml:1:1: title: is missing'));
});

test('what others wrote says its words and does nothing', (t) => {
  const evil = 'x\n## Pull requests\n- <b>ok</b> `a` [l](u) @admin #1 \u001b[2J\u009b0m\u202e';
  const unitDetails = [
    { id: 'u', state: 'red' as const, paths: [`a\`${evil}`], node: 'doc', reason: evil },
    { id: 'v', state: 'red' as const, paths: ['b'], node: 'doc', reason: evil },
  ];
  const text = renderReport(
    summaryOf([redBinSummary('two', { title: evil, reason: evil, unitDetails })], {
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
  const hostile = redBinSummary(`two${esc}`, {
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
  const opened = specSummary(`one${esc}`, {
    title: `T${esc}`,
    branch: `b${esc}`,
    trace: `t${esc}`,
  });
  const page = renderReport(
    summaryOf([hostile, opened], {
      profile: `p${esc}`,
      notices: [`n${esc}`],
      reviewers: [
        reviewed({
          flow: `f${esc}`,
          line: `l${esc}`,
          exams: [exam({ reviewer: `r${esc}`, kind: `k${esc}` })],
        }),
      ],
      engines: [{ ...measuredEngine, engine: `e${esc}`, model: `m${esc}`, agents: [] }],
    }),
  );
  t.notRegex(page.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});

test('a summary of a version without codes is read and told', (t) => {
  const unitDetails = [{ id: 'u', state: 'red', paths: ['a.md'], node: 'work', code: 'declined' }];
  const { code: _, ...spec } = redBinSummary('old');
  const summary = summarySchema.parse({ ...summaryOf([]), specs: [{ ...spec, unitDetails }] });
  t.deepEqual(
    reportLines(summary).filter((line) => line.includes('`old`')),
    ['- `old` Title of old: test: it is red. Look: `pantheon trace show 2026-11-21/old/u/test`.'],
  );
});

test('red bins of one code are together, the most frequent first, with the fix once', (t) => {
  const one = (id: string, code: FindingCode) => redBinSummary(id, { code });
  const specs = [
    one('a', 'gate.exam'),
    one('b', 'engine.failed'),
    one('c', 'gate.exam'),
    // Of a later version.
    one('d', 'gate.news' as FindingCode),
  ];
  const lines = reportLines(summaryOf(specs)).filter((line) => /^(?:\*\*|`|- )/.test(line));
  t.deepEqual(
    lines.map((line) => line.replace(/ (?:Title|\(|To try).*/, '')),
    [
      '**A reviewer has not passed its exam**',
      '- `a`',
      '- `c`',
      '**The engine failed**',
      '- `b`',
      '`gate.news`, 1:',
      '- `d`',
    ],
  );
  t.regex(lines[3] ?? '', /\. The next night works it again\.$/);
});
