// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { renderReport } from '../../src/morning/report.ts';
import {
  countOutcomes,
  type EngineSummary,
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

const figures = {
  requests: 4000,
  failures: 0,
  retries: 0,
  tokens: { prompt: 4_000_000, cached: 3_480_000, completion: 300_000 },
  busySeconds: 126,
  batch: 61.24,
  tokensPerSecond: 2380.95,
  prefixHitRate: 0.87,
  queueMs: { mean: 812, p95: 2110, max: 14_000 },
};

const measured: EngineSummary = {
  engine: 'vllm',
  model: 'Qwen/Qwen3-8B',
  origin: 'unix-socket',
  since: 'start',
  slots: 64,
  ...figures,
  agents: [
    { agent: 'doc.frontmatter', ...figures, requests: 2000, batch: 31 },
    {
      agent: 'review.peer',
      ...figures,
      requests: 1,
      retries: 3,
      failures: 1,
      prefixHitRate: null,
      queueMs: { mean: 9949, p95: 12_345, max: 12_345 },
    },
    { agent: 'codegen', ...figures, requests: 0 },
  ],
};

test('what each engine did is told, and for each agent', (t) => {
  const lines = linesOf(summaryOf([spec('one')], { engines: [measured] }));
  t.deepEqual(lines.slice(lines.indexOf('## Engines')), [
    '## Engines',
    '',
    '- `vllm Qwen/Qwen3-8B`, 64 slots: 4000 requests, 61.2 at once on average, 2381 tokens/s, 87 % of the prompts from the prefix cache, queue wait 0.8 s (95 % under 2.1 s)',
    '  - `doc.frontmatter`: 2000 requests, 31.0 at once on average, 2381 tokens/s, 87 % of the prompts from the prefix cache, queue wait 0.8 s (95 % under 2.1 s)',
    '  - `review.peer`: 1 request, 61.2 at once on average, 2381 tokens/s, queue wait 9.9 s (95 % under 12 s), 3 sent again while it was busy, 1 failed',
    '  - `codegen`: not asked',
    '',
  ]);
});

const hints: Readonly<Record<string, readonly [Partial<EngineSummary>, RegExp]>> = {
  'of its last part only': [{ since: 'resume' }, /\); since the night was resumed$/],
  'that the batch was small': [{ batch: 7.9 }, /\); the batch stayed small: /],
  'nothing of a small engine': [{ batch: 3, slots: 4 }, /2\.1 s\)$/],
  'nothing of few requests': [{ batch: 3, requests: 200 }, /2\.1 s\)$/],
};

for (const [what, [more, expected]] of Object.entries(hints)) {
  test(`an engine's line tells ${what}`, (t) => {
    const lines = linesOf(summaryOf([], { engines: [{ ...measured, ...more, agents: [] }] }));
    t.regex(lines[lines.indexOf('## Engines') + 2] ?? '', expected);
  });
}

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
    const line = linesOf(summaryOf([spec('one', more)])).find((text) => text.startsWith('- '));
    t.is(line, `- \`pantheon/one-12345678\` Title of one: 1 approved. ${end}`);
  });
}

test('a dry run says so before it counts pull requests', (t) => {
  const [, , line] = linesOf(summaryOf([spec('one')], { dryRun: true }));
  t.regex(line ?? '', /^\*\*Dry run\*\*: nothing was opened/);
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
              asked: 200,
              of: 200,
              falseApprovals: 1,
              falseRejections: 0,
            },
            {
              reviewer: 'reviewB',
              kind: 'docs',
              passed: false,
              asked: 200,
              of: 200,
              falseApprovals: 9,
              falseRejections: 2,
              unanswered: { repeat: 3, steps: 1 },
            },
            {
              reviewer: 'reviewA',
              kind: 'code',
              passed: false,
              asked: 25,
              of: 200,
              falseApprovals: 11,
              falseRejections: 0,
            },
            {
              reviewer: 'reviewB',
              kind: 'code',
              passed: false,
              asked: 0,
              of: 200,
              broken: 'nothing listens on /run/x.sock.',
              falseApprovals: 0,
              falseRejections: 0,
            },
          ],
        },
      ],
    }),
  );
  t.true(lines.join('\n').includes('confined by nothing'));
  t.true(lines.includes('- `docops`: kappa 0.50 over 20 pairs, alert'));
  const at = lines.indexOf('  - reviewA, docs exam passed: 1 false approval, 0 false rejections');
  t.deepEqual(lines.slice(at + 1, at + 4), [
    '  - reviewB, docs exam failed: 9 false approvals, 2 false rejections (no verdict on 4: 3 repeat, 1 steps). It had no vote',
    '  - reviewA, code exam failed after 25 of 200 patches: 11 false approvals, 0 false rejections. It had no vote',
    '  - reviewB could not finish the code exam: nothing listens on /run/x.sock. It had no vote',
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
              asked: 200,
              of: 200,
              falseApprovals: 0,
              falseRejections: 0,
            },
          ],
        },
      ],
      engines: [{ ...measured, engine: `e${esc}`, model: `m${esc}`, agents: [] }],
    }),
  );
  t.notRegex(page.replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
});
