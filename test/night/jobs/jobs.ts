// SPDX-License-Identifier: GPL-3.0-only

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { workHere } from '../../../src/night/child/work-here.ts';
import { gatherArtifacts } from '../../../src/night/jobs/gather-artifacts.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import { startNight } from '../../../src/night/start-night.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { passExams } from '../support/with-night.ts';
import { type Harm, harms, pack } from './harms.ts';
import {
  type Cleaning,
  copyOf,
  flip,
  forgePack,
  publishAlone,
  reseal,
  told,
  workOf,
} from './with-artifacts.ts';
import { date, type Jobs, runNode, running, usualJobs } from './with-jobs.ts';

const prepared: { jobs?: Jobs } = {};
const jobs = (): Jobs => prepared.jobs as Jobs;

test.before(async (t) => {
  t.timeout(300_000);
  prepared.jobs = await usualJobs();
});

const copyArtifacts = (t: Cleaning): string => copyOf(t, jobs().artifacts);

const publish = (t: Cleaning, artifacts: string) => publishAlone(t, jobs(), artifacts);

test('jobs of their own end a night as one process does', async (t) => {
  const { place, artifacts } = jobs();
  const state = stateAt(join(temporaryFolder(t), 'state'));
  // In the same repository the other tests make the branches.
  const repository = join(temporaryFolder(t), 'clone');
  place.run(['clone', '-q', place.folder, repository]);
  await passExams(repository, state, ['tiny']);
  const { summary: whole } = await startNight({
    ...{ ...running, state, repository },
    startedAt: date,
    example: true,
    resume: false,
    work: workHere,
  });
  const { summary } = await publish(t, artifacts);
  t.deepEqual(told(summary), told(whole));
  t.deepEqual(summary.counts, { pullRequests: 2, redBins: 1, skipped: 1 });
  t.deepEqual(summary.reviewers, whole.reviewers);
});

test('trace show reads a night from its artifacts', async (t) => {
  const { place, artifacts } = jobs();
  const show = (...args: readonly string[]) =>
    place.pantheon('trace', 'show', '--artifacts', artifacts, ...args);
  const [night = ''] = (await show()).stdout.split('\n');
  t.regex((await show(`${night}/one`)).stdout, /^\S+\/one\/_spec\/merge$/m);
  const shown = await show(`${night}/one/_spec/merge`);
  t.deepEqual([shown.code, shown.stderr], [0, '']);
  t.regex(shown.stdout, /^one\/_spec\/merge {2}ok$/m);
  const harmed = copyArtifacts(t);
  writeFileSync(join(harmed, 'node.merge.shard-0.attempt-1', 'more'), '');
  const told = await place.pantheon('trace', 'show', '--artifacts', harmed, `${night}/one`);
  t.false(told.stdout.includes('merge'));
  t.regex(told.stderr, /^Not taken: node\.merge\.shard-0\.attempt-1/m);
});

test('a dry run says the same and keeps nothing', async (t) => {
  const night = join(temporaryFolder(t), 'night');
  const { summary, state } = await publishAlone(t, jobs(), jobs().artifacts, {
    dryRun: true,
    night,
  });
  t.like(summary, { dryRun: true, counts: { pullRequests: 2 } });
  t.deepEqual(readdirSync(state.root), ['lock']);
});

const refusing = test.macro({
  exec: async (t, harm: Harm, expected: RegExp) => {
    const artifacts = copyArtifacts(t);
    await harm(workOf(artifacts), artifacts);
    const into = join(temporaryFolder(t), 'night');
    const arrived = await gatherArtifacts({ from: artifacts, into, digest: jobs().digest });
    t.regex(arrived.refused.join('\n'), expected);
    t.regex(arrived.absent('one', 'work')?.reason ?? '', /\bwork\b/);
    t.regex(arrived.absent('one', 'work')?.code ?? '', /^job\.(?:artifact-refused|no-artifact)$/);
    // Nobody else's.
    t.is(arrived.absent('second', 'work'), undefined);
    t.is(arrived.absent('one', 'plan'), undefined);
    t.false(readdirSync(join(into, 'one')).includes('work.shard-0.zip'));
    t.true(readdirSync(join(into, 'second')).includes('work.shard-1.zip'));
  },
  title: (name) => `${name} is refused by name, and costs its own specs only`,
});

for (const [name, [harm, expected]] of Object.entries(harms)) test(name, refusing, harm, expected);

test('artifacts of a night that was collected again are left out', async (t) => {
  const artifacts = copyArtifacts(t);
  await reseal(workOf(artifacts), { night: 'f'.repeat(64) });
  const into = join(temporaryFolder(t), 'night');
  const arrived = await gatherArtifacts({ from: artifacts, into, digest: jobs().digest });
  t.deepEqual(arrived.refused, []);
  t.regex(
    arrived.absent('one', 'work')?.reason ?? '',
    /no artifact of work .* that belongs to this night/,
  );
});

test('the night itself must be the one that was decided', async (t) => {
  const artifacts = copyArtifacts(t);
  const into = join(temporaryFolder(t), 'night');
  await t.throwsAsync(gatherArtifacts({ from: artifacts, into, digest: 'f'.repeat(64) }), {
    message: /did not arrive: night\.attempt-1 is not the night that was decided/,
  });
  flip(join(artifacts, 'night.attempt-1/night.json'), 'tiny', 'tint');
  await t.throwsAsync(gatherArtifacts({ from: artifacts, into, digest: jobs().digest }), {
    message: /night\.attempt-1 night\.json was altered/,
  });
});

test('a shard that is missing turns its own specs red, to be tried another night', async (t) => {
  const artifacts = copyArtifacts(t);
  for (const node of ['plan', 'work', 'test', 'reviewA', 'reviewB', 'merge']) {
    rmSync(join(artifacts, `node.${node}.shard-1.attempt-1`), { recursive: true });
  }
  const { spec } = await publish(t, artifacts);
  t.is(spec('second').outcome, 'red-bin');
  t.is(spec('second').reason, 'no artifact of plan arrived for shard 1');
  t.is(spec('one').outcome, 'pull-request');
});

test('the gate refuses what reviewers did not say themselves', async (t) => {
  const artifacts = copyArtifacts(t);
  rmSync(join(artifacts, 'node.reviewB.shard-1.attempt-1'), { recursive: true });
  const { spec } = await publish(t, artifacts);
  t.is(spec('second').outcome, 'red-bin');
  t.regex(spec('second').reason, /publish: the bundle of reviewB does not approve the patch of /);
  t.is(spec('one').outcome, 'pull-request');
});

for (const [node, files] of [
  ['merge', { 'output.json': 'no JSON' }],
  ['merge', { 'error.json': '[]' }],
  ['merge', { 'output.json': '{"status":"ok","result":{"outcome":"pull-request"}}' }],
  ['plan', { 'output.json': '{}' }],
] as const) {
  test(`a bundle of ${node} with ${JSON.stringify(files)} costs its own specs only`, async (t) => {
    const artifacts = copyArtifacts(t);
    await forgePack(
      join(artifacts, `node.${node}.shard-0.attempt-1`),
      { unit: '_spec', node },
      files,
    );
    const { spec } = await publish(t, artifacts);
    t.is(spec('one').outcome, 'red-bin');
    t.is(spec('one').reason, `the bundle of ${node} is none it leaves`);
    t.is(spec('second').outcome, 'pull-request');
  });
}

test('a gate without an artifact names it as the reason', async (t) => {
  const artifacts = copyArtifacts(t);
  flip(join(workOf(artifacts), pack), 'done', 'DONE');
  rmSync(join(artifacts, 'node.merge.shard-0.attempt-1'), { recursive: true });
  const scratch = temporaryFolder(t);
  const out = join(scratch, 'out');
  const said: string[] = [];
  await runNode({ ...jobs(), artifacts }, ['merge', '0/2'], {
    night: join(scratch, 'night'),
    out,
    say: (line) => said.push(line),
  });
  t.regex(said.join('\n'), /node\.work\.shard-0\.attempt-1 one\/work\.shard-0\.zip was altered/);
  cpSync(out, join(artifacts, 'node.merge.shard-0.attempt-1'), { recursive: true });
  const { spec } = await publish(t, artifacts);
  t.is(spec('one').outcome, 'red-bin');
  t.regex(spec('one').reason, /work: the artifact node\.work\.shard-0\.attempt-1 was refused/);
  t.is(spec('second').outcome, 'pull-request');
});

/** Runs a command, and makes a failure of whatever comes, as an agent of a repository may. */
const checker = `
export const run = async ({ executor, signal }) => {
  try {
    await executor.withTree(({ path }) =>
      executor.run({ argv: ['true'], cwd: path, root: path, timeoutMs: 10_000, signal }));
    return { notes: 'ran', result: {} };
  } catch ({ message }) {
    return { notes: message, result: {}, failure: { code: 'sandbox', message } };
  }
};
`;

confinedTest('a job without a sandbox ends with the mistake and can be run again', async (t) => {
  t.timeout(120_000);
  const { folder, state, pantheon } = await makePlace(t, {
    'agents/checker/agent.js': checker,
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
  });
  const night = join(temporaryFolder(t), 'night');
  for (const args of [
    ['collect', '--date', date],
    ['node', 'plan'],
    ['node', 'work'],
  ]) {
    const { code, stderr } = await pantheon(...args, '--night', night);
    t.is(code, 0, stderr);
  }
  const env = {
    ...process.env,
    PANTHEON_STATE: join(state.root, '..'),
  };
  const program = join(import.meta.dirname, '../../../bin/pantheon');
  const runTest = (...before: readonly string[]) => {
    const [file = program, ...args] = [...before, program, 'node', 'test', '--night', night];
    return spawnSync(file, args, { cwd: folder, env, encoding: 'utf8' });
  };
  // Where there is no program that starts there is no sandbox.
  const places = ['/usr/local/bin/bwrap', '/usr/bin/bwrap'].filter((file) => existsSync(file));
  const hidden = places.flatMap((file) => ['--ro-bind', '/dev/null', file]);
  const { status, stdout, stderr } = runTest('bwrap', '--dev-bind', '/', '/', ...hidden);
  t.is(status, 2, stdout);
  t.regex(stderr, /^pantheon: the night cannot be confined: .*bubblewrap .*\n$/m);
  t.false(existsSync(join(night, 'journal-test.jsonl')));
  t.deepEqual(globSync('**/test*', { cwd: night }), []);
  t.is(
    runTest().stdout,
    `test: 1 ok, 0 failed, 0 skipped in ${join(night, '..').split('/').at(-1)}/night\n`,
  );
});
