// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { unitBundles, writeNightFolder } from '../../morning/page/sample-night.ts';
import { specSummary } from '../../morning/summaries.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

/** A folder of nights that began at these times. */
const nights = (t: ExecutionContext, begun: Readonly<Record<string, string>>): string => {
  const traces = temporaryFolder(t);
  for (const [night, startedAt] of Object.entries(begun)) {
    const folder = join(traces, night);
    mkdirSync(folder);
    writeNightFolder(folder, [[specSummary('one'), unitBundles('u')]], { night, startedAt });
  }
  return traces;
};

const threeNights = {
  '2026-11-20': '2026-11-20T01:00:00Z',
  '2026-11-21': '2026-11-21T01:00:00Z',
  '2026-11-21-2': '2026-11-21T04:00:00Z',
};

const report = (traces: string, ...args: readonly string[]) =>
  start(['report', '--traces', traces, ...args], traces, {});

const written = (traces: string): readonly string[] =>
  Object.keys(threeNights).filter((night) => existsSync(join(traces, night, 'report.html')));

test('without arguments the last night, else the one that is named', async (t) => {
  const traces = nights(t, threeNights);
  const last = await report(traces);
  t.is(last.stdout, `${join(traces, '2026-11-21-2', 'report.html')}\n`);
  await report(traces, '2026-11-20');
  t.deepEqual(written(traces), ['2026-11-20', '2026-11-21-2']);
  t.regex(readFileSync(join(traces, '2026-11-20', 'report.html'), 'utf8'), /^<!doctype html>/);
});

for (const [since, expected] of [
  ['2026-11-21', ['2026-11-21', '2026-11-21-2']],
  ['2026-11-21-2', ['2026-11-21-2']],
  ['2026-11-21T02:00:00Z', ['2026-11-21-2']],
] as const) {
  test(`every night since ${since}`, async (t) => {
    const traces = nights(t, threeNights);
    await report(traces, '--since', since);
    t.deepEqual(written(traces), [...expected]);
  });
}

test('a night that began hours ago is within a day, one of last week is not', async (t) => {
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const traces = nights(t, { old: ago(200), fresh: ago(5) });
  const { stdout } = await report(traces, '--since', '24h');
  t.is(stdout, `${join(traces, 'fresh', 'report.html')}\n`);
});

test('a night of another version is passed over among others, and named where it is meant', async (t) => {
  const traces = nights(t, threeNights);
  writeFileSync(join(traces, '2026-11-20', 'summary.json'), '{"version":0}');
  const { stdout, code } = await report(traces, '--since', '2026-11-01T00:00:00Z');
  t.is(code, 0);
  t.is(stdout.split('\n').length, 3);
  const meant = await report(traces, '2026-11-20');
  t.is(meant.code, 2);
  t.regex(meant.stderr, /is not the summary of a night that was published\. It may be cut/);
});

test('--json prints the summary and writes nothing', async (t) => {
  const traces = nights(t, threeNights);
  const { stdout } = await report(traces, '--json');
  t.is(JSON.parse(stdout).night, '2026-11-21-2');
  t.deepEqual(written(traces), []);
});

test('where there is no such night, says which there are and what to do', async (t) => {
  const traces = nights(t, threeNights);
  const none = await report(temporaryFolder(t));
  t.is(none.code, 2);
  t.regex(none.stderr, /no night has ended yet in .*Run "pantheon night"/);
  t.regex((await report(traces, '2026-12-24')).stderr, /there are 2026-11-20, 2026-11-21, /);
  t.regex((await report(traces, '--since', '1h')).stderr, /the last one is 2026-11-21-2/);
  t.regex((await report(traces, '--since', 'soon')).stderr, /is not a time\. Write 24h, 7d/);
});

test('one file is not for several nights', async (t) => {
  const traces = nights(t, threeNights);
  const out = join(traces, 'page.html');
  const several = await report(traces, '--since', '2026-11-20', '--out', out);
  t.is(several.code, 2);
  t.regex(several.stderr, /Name one of them/);
  await report(traces, '--out', out);
  t.true(existsSync(out));
});
