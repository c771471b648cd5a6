// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { reportFrom } from '../../../src/cli/jobs/report.ts';
import type { Summary } from '../../../src/morning/summary.ts';
import { sealFolder } from '../../../src/night/jobs/artifact-contents.ts';
import { stateFolder } from '../../../src/night/record/state-folder.ts';
import { makeGithub } from '../../forge/github/with-github.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';
import { start } from '../with-cli.ts';

/** What a step set as its outputs (docs.github.com, "Workflow commands", multiline strings). */
const outputsIn = (file: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...readFileSync(file, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm)].map(
      ([, name = '', , value = '']) => [name, value],
    ),
  );

test('what waits is left by collect, whose token only reads, and sent by publish, also without work', async (t) => {
  const made = await makeGithub(t);
  const PANTHEON_STATE = join(made.home, 'state-of-pantheon');
  const lasting = stateFolder(made.repository, {
    PANTHEON_STATE,
    PANTHEON_REPOSITORY: 'octo/vault',
  });
  const places = { folder: lasting.github, decisions: lasting.decisions };
  const off = { GITHUB_API_URL: 'http://127.0.0.1:9' };
  const { waiting } = await made.open({ places, environment: off }).open(made.request());
  t.regex(waiting ?? '', /cannot be reached/);

  const temporary = join(made.home, 'temp');
  const outputs = join(made.home, 'outputs');
  const action = async (agent: string, inputs: Readonly<Record<string, string>>) => {
    writeFileSync(outputs, '');
    const { code, stderr } = await start(['action', agent], made.repository, {
      ...made.environment,
      PANTHEON_STATE,
      GITHUB_WORKSPACE: made.repository,
      RUNNER_TEMP: temporary,
      GITHUB_OUTPUT: outputs,
      ...inputs,
    });
    t.is(code, 0, stderr);
    return outputsIn(outputs);
  };

  made.github.takeCalls();
  const inputs = { INPUT_FLOW: 'spec2code', INPUT_SHARDS: '1' };
  const collected = await action('collect-specs', inputs);
  t.like(collected, { work: 'false', waiting: 'true' });
  t.deepEqual(
    made.github.takeCalls().filter((call) => !call.startsWith('GET ')),
    [],
  );
  const night = join(temporary, 'pantheon/night');
  cpSync(night, join(temporary, 'pantheon/arrived/night.attempt-1'), { recursive: true });
  await action('publish', { INPUT_NIGHT: collected.night ?? '', INPUT_DRY_RUN: 'true' });
  t.is(made.pulls().length, 0);
  await action('publish', { INPUT_NIGHT: collected.night ?? '', INPUT_DRY_RUN: 'false' });
  t.is(made.pulls().length, 1);
  rmSync(night, { recursive: true });
  t.like(await action('collect-specs', inputs), { work: 'false', waiting: 'false' });
  made.clean();
});

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
