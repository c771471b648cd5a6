// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { formatArtifact } from '../../../src/flow/compile/names.ts';
import { workConfined } from '../../../src/night/child/work-confined.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { gatherArtifacts } from '../../../src/night/jobs/gather-artifacts.ts';
import { runNodeJob } from '../../../src/night/jobs/run-node-job.ts';
import { parseShard } from '../../../src/night/record/shard.ts';
import type { NodeEvent } from '../../../src/night/run/session.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { confinedTest } from '../../boundary/with-bubblewrap.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { wholeFile } from '../support/whole-file.ts';
import { copyOf, flip, publishAlone, reseal, told } from './with-artifacts.ts';
import { collectJobs, type Jobs, runNode, running, usualJobs } from './with-jobs.ts';

const lasting = wholeFile();

type Cleaning = Parameters<typeof publishAlone>[0];
type Worked = Jobs & { readonly scratch: string };

/** Works a night of two shards, each shard's whole flow in a job. */
const workFlows = async (t: Cleaning, work = workHere): Promise<Worked> => {
  const { jobs, scratch, shards, night } = await collectJobs(t, undefined, undefined, work);
  const counts = new Map();
  for (const shard of shards) {
    const out = join(scratch, 'out', `${shard}`);
    const folder = join(scratch, 'nights', `${shard}`);
    const at = `${shard}/${night.shards}`;
    counts.set(at, await runNode(jobs, [undefined, at], { night: folder, out, work }));
    const name = formatArtifact({ kind: 'flow', shard, attempt: 1 });
    cpSync(out, join(jobs.artifacts, name), { recursive: true });
  }
  return { ...jobs, counts, scratch };
};

const prepared: { flows?: Worked } = {};
const flows = (): Worked => prepared.flows as Worked;

test.before(async (t) => {
  t.timeout(300_000);
  prepared.flows = await workFlows(lasting);
});

const first = 'flow.shard-0.attempt-1';
const pack = 'one/_flow.shard-0.zip';

test('a job for each shard ends a night as a job for each node does', async (t) => {
  t.timeout(300_000);
  const [whole, parts] = await Promise.all([
    publishAlone(t, flows(), flows().artifacts),
    usualJobs().then((jobs) => publishAlone(t, jobs, jobs.artifacts)),
  ]);
  t.deepEqual(told(whole.summary), told(parts.summary));
  t.deepEqual(whole.summary.counts, { pullRequests: 2, redBins: 1, skipped: 1 });
  t.deepEqual(whole.summary.reviewers, parts.summary.reviewers);
  t.deepEqual(
    [...flows().counts.values()],
    [
      { ok: 1, failed: 0, skipped: 0 },
      { ok: 1, failed: 0, skipped: 1 },
    ],
  );
});

confinedTest('it ends alike in a confined process', async (t) => {
  t.timeout(300_000);
  const confined = await workFlows(t, workConfined);
  const { summary } = await publishAlone(t, confined, confined.artifacts);
  t.deepEqual(told(summary), told((await publishAlone(t, flows(), flows().artifacts)).summary));
});

const refused = async (t: Cleaning, harm: (folder: string, artifacts: string) => unknown) => {
  const artifacts = copyOf(t, flows().artifacts);
  await harm(join(artifacts, first), artifacts);
  const into = join(temporaryFolder(t), 'night');
  return gatherArtifacts({ from: artifacts, into, digest: flows().digest });
};

test('what was changed on its way costs the specs of its shard alone', async (t) => {
  const altered = await refused(t, (folder) => flip(join(folder, pack), 'done', 'DONE'));
  t.regex(
    altered.refused.join('\n'),
    /flow\.shard-0\.attempt-1 one\/_flow\.shard-0\.zip was altered/,
  );
  t.is(altered.absent('one', 'work')?.code, 'job.artifact-refused');
  t.is(altered.absent('second', 'work'), undefined);
  const foreign = await refused(t, async (folder, artifacts) => {
    cpSync(join(artifacts, 'flow.shard-1.attempt-1/second/_flow.shard-1.zip'), join(folder, pack));
    await reseal(folder);
  });
  t.regex(foreign.refused.join('\n'), /contains something that is not a bundle of it/);
  const missing = await refused(t, (folder) => rmSync(folder, { recursive: true }));
  t.is(missing.absent('one', 'work')?.reason, 'no artifact of work arrived for shard 0');
});

test('a further attempt goes on where a job broke off', async (t) => {
  const { place, digest, artifacts: from } = flows();
  const artifacts = copyOf(t, from);
  rmSync(join(artifacts, first), { recursive: true });
  const scratch = temporaryFolder(t);
  const stop = new AbortController();
  const attempt = async (number: number, node: (event: NodeEvent) => void) => {
    const out = join(scratch, `out-${number}`);
    try {
      await runNodeJob({
        ...{ ...running, artifacts, digest, out, attempt: number },
        watch: { ...running.watch, node },
        signal: number === 1 ? stop.signal : running.signal,
        folder: join(scratch, `night-${number}`),
        repository: await resolveRepository(place.folder),
        state: place.state,
        workerOf: async () => workHere,
        shard: parseShard('0/2'),
      });
    } finally {
      const name = formatArtifact({ kind: 'flow', shard: 0, attempt: number });
      cpSync(out, join(artifacts, name), { recursive: true });
    }
  };
  await t.throwsAsync(
    attempt(1, ({ node, state }) => {
      if (node === 'test' && state === 'ok') stop.abort(new Error('the runner went away'));
    }),
  );
  const before = openTraces(join(artifacts, first)).list('one');
  t.true(before.length > 1);
  const again: string[] = [];
  await attempt(2, ({ spec, unit, node, state }) => {
    if (state === 'running') again.push(`${spec}/${unit}/${node}`);
  });
  t.deepEqual(
    before.filter(({ spec, unit, node }) => again.includes(`${spec}/${unit}/${node}`)),
    [],
  );
  const { spec } = await publishAlone(t, flows(), artifacts);
  t.is(spec('one').outcome, 'pull-request');
  t.true(readdirSync(artifacts).includes('flow.shard-0.attempt-2'));
});
