// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import { sealFolder } from '../../night/jobs/artifact-contents.ts';
import { gatherArtifacts } from '../../night/jobs/gather-artifacts.ts';
import { leaveFigures } from '../../night/jobs/job-figures.ts';
import {
  copyJobFiles,
  journalName,
  type NodeJob,
  outputsOf,
  packName,
} from '../../night/jobs/job-files.ts';
import { checkUnchanged } from '../../night/open/check-unchanged.ts';
import type { OpenEngine } from '../../night/open/open-engines.ts';
import type { Setup } from '../../night/open/open-setup.ts';
import { summariseEngines } from '../../night/publish/summarise-engines.ts';
import { type FrozenTerms, readTerms } from '../../night/record/frozen-terms.ts';
import { readNight } from '../../night/record/night-folder.ts';
import type { DecidedSpec, Night } from '../../night/record/night-record.ts';
import { parseShard, shardsOf } from '../../night/record/shard.ts';
import { isSegment } from '../../trace/bundle.ts';
import { readCount } from '../shared/count-option.ts';
import type { NodeArguments } from './node-arguments.ts';

/** One node for one shard of a night, in a process of its own. */
export type ShardJob = {
  readonly night: Night;
  readonly specs: readonly DecidedSpec[];
  readonly pack: string;
  readonly journal: string;
  /** Agents and tools of the repository as files: other jobs on this machine have their own. */
  readonly code: string;
  readonly terms: FrozenTerms | undefined;
  readonly absent?: (spec: string, node: string) => string | undefined;
  /** A line for each artifact that was not taken. */
  readonly refused: readonly string[];
  /** Writes down what its engines did. */
  readonly tell: (engines: readonly OpenEngine[]) => Promise<void>;
  /** Leaves the job's own files, whether it did all it had to or not. */
  readonly leave: (complete: boolean) => Promise<void>;
};

/** Puts the night's folder together, where there are artifacts, and picks the shard's specs. */
export const planShardJob = async (
  node: string,
  folder: string,
  args: NodeArguments & { readonly shard: string },
): Promise<ShardJob> => {
  if (!isSegment(node)) throw new UserError(`"${node}" is no node's id`);
  const { index, of } = parseShard(args.shard);
  const attempt = readCount('--attempt', args.attempt ?? '1');
  const job: NodeJob = { kind: 'node', node, shard: index, attempt };
  await mkdir(folder, { recursive: true });
  const arrived =
    args.artifacts === undefined
      ? undefined
      : await gatherArtifacts({
          from: args.artifacts,
          into: folder,
          digest: args.digest,
          shard: index,
        });
  const night = arrived?.night ?? (await readNight(folder));
  const { shards = 1 } = night;
  if (of !== shards) {
    throw new UserError(`--shard: night ${night.id} is spread over ${shards}, not over ${of}`);
  }
  const shardOf = shardsOf(night);
  const specs = night.specs.filter(({ spec }) => shardOf.get(spec.id) === index);
  return {
    night,
    specs,
    pack: packName(job),
    journal: join(folder, journalName(job)),
    code: `${folder}.code`,
    terms: await readTerms(folder),
    ...(arrived && { absent: arrived.absent }),
    refused: arrived?.refused ?? [],
    tell: async (engines) => leaveFigures(folder, job, await summariseEngines(engines, 'jobs')),
    leave: (complete) =>
      leave({ job, night, specs, folder, args, complete, digest: arrived?.digest }),
  };
};

type Leaving = {
  readonly job: NodeJob;
  readonly night: Night;
  readonly specs: readonly DecidedSpec[];
  readonly folder: string;
  readonly args: NodeArguments;
  readonly complete: boolean;
  readonly digest: string | undefined;
};

const leave = async (leaving: Leaving): Promise<void> => {
  const { job, night, specs, folder, args, complete, digest } = leaving;
  if (args.out === undefined) return;
  await mkdir(args.out, { recursive: true });
  if ((await readdir(args.out)).length > 0) {
    throw new UserError('is not empty; give a folder of its own to each job', {
      place: { file: args.out },
    });
  }
  const ids = specs.map(({ spec }) => spec.id);
  await copyJobFiles(job, ids, outputsOf(night), { from: folder, into: args.out });
  await sealFolder(args.out, {
    artifact: formatArtifact(job),
    ...(digest !== undefined && { night: digest }),
    complete,
  });
};

/**
 * Holds what this machine would answer with to what the night was decided with: reviewers passed
 * their exams with that and nothing else. @throws UserError naming what differs.
 */
export const checkShardRunner = (
  night: Night,
  setup: Pick<Setup, 'flows'>,
  { node, agent }: { readonly node: string; readonly agent: string | undefined },
): void => {
  checkUnchanged(night, setup);
  for (const [flow, { agents }] of setup.flows) {
    const bound = agents.get(node);
    if (!bound) continue;
    const { name } = bound.agent.manifest;
    if (agent !== undefined && agent !== name) {
      throw new UserError(
        `${node} is played by ${name}, and this action runs ${agent}; compile anew`,
      );
    }
    if (!('runtime' in bound) || bound.runtime.fault !== undefined) continue;
    if (night.runtimes[`${flow}/${node}`] !== bound.runtime.digest) {
      throw new UserError(
        `${name} would answer here with other weights, rules or settings than night ${night.id} was decided with; let this runner serve what the one that collects does`,
      );
    }
  }
};
