// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { reportFrom } from '../../../src/cli/jobs/report.ts';
import type { Summary } from '../../../src/morning/summary.ts';
import { sealFolder } from '../../../src/night/jobs/artifact-contents.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

const summary: Summary = {
  version: 1,
  night: '2026-11-21',
  startedAt: '2026-11-21T02:00:00Z',
  base: 'b'.repeat(40),
  profile: 'p',
  confinement: 'bubblewrap',
  specs: [],
  counts: { pullRequests: 0, redBins: 0, skipped: 0 },
  reviewers: [],
  engines: [],
  notices: [],
};

const digest = 'a'.repeat(64);

/** What publish left, once per attempt: each bears another night's name, to be told apart. */
const mornings = async (t: ExecutionContext, ...nights: readonly string[]): Promise<string> => {
  const artifacts = temporaryFolder(t);
  for (const [index, night] of nights.entries()) {
    const artifact = `morning.attempt-${index + 1}`;
    writeFiles(artifacts, { [`${artifact}/summary.json`]: JSON.stringify({ ...summary, night }) });
    await sealFolder(join(artifacts, artifact), { artifact, night: digest, complete: true });
  }
  return artifacts;
};

test('the latest try of publish is reported, of that night', async (t) => {
  const artifacts = await mornings(t, 'first', 'second');
  t.regex((await reportFrom({ artifacts, digest })).text, /^# Night second/);
  t.regex((await reportFrom({ artifacts })).text, /^# Night second/);
});

test('another night’s morning is not reported as this one’s', async (t) => {
  const artifacts = await mornings(t, 'first');
  const { text, summary: published } = await reportFrom({ artifacts, digest: 'b'.repeat(64) });
  t.is(published, undefined);
  t.notRegex(text, /first/);
});

test('a morning that was altered is not reported', async (t) => {
  const artifacts = await mornings(t, 'first');
  const file = join(artifacts, 'morning.attempt-1/summary.json');
  writeFileSync(file, JSON.stringify({ ...summary, night: 'Trust me' }));
  t.notRegex((await reportFrom({ artifacts, digest })).text, /Trust me/);
});

test('results that are none are refused', async (t) => {
  await t.throwsAsync(reportFrom({ jobs: '[1]' }), { name: 'UserError', message: /--jobs/ });
});
