// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  brokenJobs,
  jobSummary,
  mostAnnotations,
  mostSummaryBytes,
  redLines,
} from '../../src/morning/job-summary.ts';

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
