// SPDX-License-Identifier: GPL-3.0-only

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../../../src/data/memoise.ts';
import { formatArtifact } from '../../../src/flow/compile/names.ts';
import type { WorkNight } from '../../../src/night/child/outside.ts';
import { workHere } from '../../../src/night/child/work-here.ts';
import { runCollectJob } from '../../../src/night/jobs/collect-job.ts';
import { runNodeJob } from '../../../src/night/jobs/run-node-job.ts';
import { parseShard } from '../../../src/night/record/shard.ts';
import type { NodeCounts } from '../../../src/night/spec/run-one-node.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { makePlace, type Place } from '../../cli/with-cli.ts';
import { type Files, temporaryFolder } from '../../workspace/with-repository.ts';
import { tinySpec } from '../support/tiny-house.ts';
import { wholeFile } from '../support/whole-file.ts';

type Test = { readonly teardown: (clean: () => void) => void };

export const date = '2026-11-01T02:00:00Z';
const nodes = ['plan', 'work', 'test', 'reviewA', 'reviewB', 'merge'] as const;

/** `one` and `three` are in shard 0, `second` is in shard 1. */
const specs = {
  'specs/one.yaml': tinySpec('box/'),
  'specs/second.yaml': tinySpec('crate/'),
  'specs/three.yaml': tinySpec('nowhere/*.txt'),
  'specs/waits.yaml': tinySpec('box/', 'dependsOn: [one]\n'),
  'box/a.txt': 'a\n',
  'box/b.txt': 'b fail no idea\n',
  'crate/c.txt': 'c\n',
};

export type Jobs = {
  readonly place: Place;
  /** A folder per artifact, as the jobs left them. */
  readonly artifacts: string;
  /** As collect told it. */
  readonly digest: string;
  /** How many units of each node came to which end, in all shards. */
  readonly counts: ReadonlyMap<string, NodeCounts>;
};

/** What watches and stops the jobs of a test. */
export const running = {
  watch: { node: () => {}, spec: () => {} },
  say: () => {},
  signal: new AbortController().signal,
};

type NodeRun = {
  /** The night's folder there. */
  readonly night: string;
  readonly out: string;
  readonly say?: (line: string) => void;
  readonly work?: WorkNight;
  readonly attempt?: number;
};

/** Runs a node of a shard, or its whole flow, as its job does. */
export const runNode = async (
  { place: { folder, state }, artifacts, digest }: Omit<Jobs, 'counts'>,
  [node, shard]: readonly [node: string | undefined, shard: string],
  { night, out, say = running.say, work = workHere, attempt = 1 }: NodeRun,
): Promise<NodeCounts> =>
  runNodeJob({
    ...{ ...running, say, node, artifacts, digest, out },
    folder: night,
    repository: await resolveRepository(folder),
    state,
    workerOf: async () => work,
    shard: parseShard(shard),
    attempt,
  });

/** Decides a night of two shards; `before` prepares the place. */
export const collectJobs = async (
  t: Test,
  files: Files = specs,
  before: (place: Place) => Promise<void> = async () => {},
  work: WorkNight = workHere,
) => {
  const place = await makePlace(t, files);
  await before(place);
  const scratch = temporaryFolder(t);
  const artifacts = join(scratch, 'artifacts');
  mkdirSync(artifacts);
  const { digest, shards, night } = await runCollectJob({
    ...running,
    repository: await resolveRepository(place.folder),
    state: place.state,
    folder: join(artifacts, formatArtifact({ kind: 'night', attempt: 1 })),
    attempt: 1,
    shards: 2,
    startedAt: date,
    example: true,
    otherwise: 'local',
    readOnly: false,
    work,
  });
  return { jobs: { place, artifacts, digest }, scratch, shards, night };
};

/** Works a night of two shards, every node and shard as a job of its own; `before` prepares the place. */
export const workJobs = async (
  t: Test,
  files?: Files,
  before?: (place: Place) => Promise<void>,
  work: WorkNight = workHere,
): Promise<Jobs> => {
  const { jobs, scratch, shards, night } = await collectJobs(t, files, before, work);
  const { artifacts } = jobs;
  const counts = new Map<string, NodeCounts>();
  for (const node of nodes) {
    const ends = await Promise.all(
      shards.map(async (shard) => {
        const [out, folder] = ['out', 'nights'].map((name) =>
          join(scratch, name, `${node}-${shard}`),
        ) as [string, string];
        const ended = await runNode(jobs, [node, `${shard}/${night.shards}`], {
          night: folder,
          out,
          work,
        });
        const name = formatArtifact({ kind: 'node', node, shard, attempt: 1 });
        cpSync(out, join(artifacts, name), { recursive: true });
        return ended;
      }),
    );
    const total = (end: keyof NodeCounts) => ends.reduce((sum, { [end]: count }) => sum + count, 0);
    counts.set(node, { ok: total('ok'), failed: total('failed'), skipped: total('skipped') });
  }
  return { ...jobs, counts };
};

const lasting = wholeFile();

/** The night of the usual specs, worked once for all tests of a file, which change copies of it. */
export const usualJobs = once(() => workJobs(lasting));
