// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  brokenJobs,
  jobSummary,
  mostAnnotations,
  mostSummaryBytes,
  redLines,
} from '../../src/morning/job-summary.ts';
import { fixedComment, redBinComment } from '../../src/morning/red-bin-comment.ts';
import type { EngineSummary, SpecSummary } from '../../src/morning/summary.ts';
import { measuredEngine, reportLines, specSummary, summaryOf } from './summaries.ts';

const spec: SpecSummary = {
  id: 'issue-7',
  title: 'Add header',
  flow: 'docops',
  outcome: 'red-bin',
  code: 'test.failed',
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
      code: 'test.failed',
      reason: '2 of 3 failed',
    },
  ],
  trace: 'issue-7/a/test',
};

const facts = { spec, night: '2026-11-21', run: undefined, transient: false };

test('says why, where, what to try and where all of it lies', (t) => {
  const run = 'https://github.test/octo/vault/actions/runs/5';
  t.deepEqual(redBinComment({ ...facts, run }).split('\n'), [
    '**This ended red in night `2026-11-21`** (`test.failed`): no unit was approved.',
    '',
    '1 unit red:',
    '',
    '- `docs/a.md` at `test` (`test.failed`): 2 of 3 failed.',
    '',
    '**To try**: Look at the failing tests; say in the spec what they expect, or fix them first if they are wrong. The next night then works it again; an edit of the issue needs a new approval.',
    '',
    `Every step is in the bundles, [artifacts of the night](${run}): \`gh run download 5 --dir night\`, then \`pantheon trace show --artifacts night 2026-11-21/issue-7/a/test\`.`,
  ]);
});

test('a cause that passes does not ask for an approval', (t) => {
  t.regex(
    redBinComment({ ...facts, transient: true }),
    /\*\*To try\*\*: [^\n]* The next night works it again\.\n/,
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

test('a report that fits is left as it is', (t) => {
  t.is(jobSummary({ results: { collect: 'success' }, report: '# Night\n' }), '# Night\n');
});

test('a report over the limit of GitHub is cut between lines, and says so', (t) => {
  const report = '- ä line of a report\n'.repeat(100_000);
  const text = jobSummary({ results: {}, report });
  t.true(Buffer.byteLength(text) <= mostSummaryBytes);
  const kept = text.split('\n').filter((line) => line === '- ä line of a report').length;
  const [, left] = /\*\*Cut here: (\d+) more lines\.\*\* .* `report\.md`/.exec(text) ?? [];
  // The empty one behind the last line break counts too.
  t.is(kept + Number(left), 100_001);
});

test('one line that is too long leaves the notice alone', (t) => {
  const text = jobSummary({ results: {}, report: 'x'.repeat(mostSummaryBytes + 1) });
  t.regex(text, /^\n?\*\*Cut here: 1 more line\.\*\* .* `morning`/);
});

test('jobs that broke come first', (t) => {
  const results = { collect: 'success', work: 'failure', publish: 'skipped', test: 'cancelled' };
  t.deepEqual(
    brokenJobs(results).map(([job]) => job),
    ['work', 'test'],
  );
  t.regex(
    jobSummary({ results, report: '# Night\n' }),
    /^## Jobs that broke[\s\S]*`work`: failure[\s\S]*# Night/,
  );
});

test('without a report it says why, and what was skipped', (t) => {
  const skipped = [{ id: 'one', reason: 'done: `x` <b>' }];
  t.regex(jobSummary({ results: {}, skipped }), /nothing to work on tonight[\s\S]*`one`: done: /);
  t.regex(jobSummary({ results: { publish: 'failure' } }), /Nothing was published/);
});

test('at most ten annotations, the last one counting the rest', (t) => {
  const specs = Array.from({ length: 25 }, (_, index) => ({
    id: `s${index}`,
    outcome: 'red-bin' as const,
    reason: 'first\nsecond',
  }));
  const lines = redLines({ specs } as unknown as Parameters<typeof redLines>[0]);
  t.is(lines.length, mostAnnotations);
  t.is(lines[0], 's0: first');
  t.is(lines.at(-1), "and 16 more red specs, in the job's summary");
});

test('what each engine did is told, and for each agent', (t) => {
  const lines = reportLines(summaryOf([specSummary('one')], { engines: [measuredEngine] }));
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
    const lines = reportLines(
      summaryOf([], { engines: [{ ...measuredEngine, ...more, agents: [] }] }),
    );
    t.regex(lines[lines.indexOf('## Engines') + 2] ?? '', expected);
  });
}
