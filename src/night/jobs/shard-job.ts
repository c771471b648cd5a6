// SPDX-License-Identifier: GPL-3.0-only
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodedReason } from '../../data/findings/table.ts';
import { UserError } from '../../data/user-error.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import type { EngineSummary } from '../../morning/summary.ts';
import { isSegment } from '../../trace/bundle.ts';
import { readNight } from '../record/night-folder.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { type Shard, shardsOf } from '../record/shard.ts';
import { sealFolder } from './artifact-contents.ts';
import { type GatheredNight, gatherArtifacts } from './gather-artifacts.ts';
import { leaveFigures } from './job-figures.ts';
import {
  copyJobFiles,
  journalName,
  makeEmptyFolder,
  outputsOf,
  packName,
  type WorkingJob,
} from './job-files.ts';

/** One node, or the whole flow, for one shard of a night, in a process of its own. */
export type ShardJob = {
  readonly night: Night;
  readonly specs: readonly DecidedSpec[];
  readonly pack: string;
  readonly journal: string;
  /** By node: why its bundles may be missing. */
  readonly absent: Readonly<Record<string, CodedReason>>;
  /** A line for each artifact that was not taken. */
  readonly refused: readonly string[];
  /** Writes down what its engines did. */
  readonly tell: (engines: readonly EngineSummary[]) => Promise<void>;
  /** Leaves the job's own files, whether it did all it had to or not. */
  readonly leave: (complete: boolean) => Promise<void>;
};

export type ShardJobOptions = {
  /** The node that runs; absent: all of the flow. */
  readonly node?: string | undefined;
  /** `traces/<night>`. */
  readonly folder: string;
  readonly shard: Shard;
  /** A folder per artifact of earlier jobs; the night's folder is put together from them. */
  readonly artifacts?: string | undefined;
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string | undefined;
  /** Where this job's own files are left. */
  readonly out?: string | undefined;
  readonly attempt: number;
};

/** Puts the night's folder together, where there are artifacts, and picks the shard's specs. */
export const planShardJob = async (options: ShardJobOptions): Promise<ShardJob> => {
  const { node, folder, artifacts: from, digest, attempt } = options;
  const { index, of } = options.shard;
  if (node !== undefined && !isSegment(node)) {
    throw new UserError(`"${node}" is not the id of a node`);
  }
  const part = { shard: index, attempt };
  const job: WorkingJob =
    node === undefined ? { kind: 'flow', ...part } : { kind: 'node', node, ...part };
  await mkdir(folder, { recursive: true });
  const arrived =
    from === undefined
      ? undefined
      : await gatherArtifacts({ from, into: folder, digest, shard: index });
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
    absent: node === undefined ? {} : absentIn(night, specs, arrived),
    refused: arrived?.refused ?? [],
    tell: (engines) => leaveFigures(folder, job, engines),
    leave: async (complete) => {
      if (options.out === undefined) return;
      await makeEmptyFolder(options.out, 'give a folder of its own to each job');
      const ids = specs.map(({ spec }) => spec.id);
      await copyJobFiles(job, ids, outputsOf(night), { from: folder, into: options.out });
      await sealFolder(options.out, {
        artifact: formatArtifact(job),
        ...(arrived && { night: arrived.digest }),
        complete,
      });
    },
  };
};

/** All specs of a shard miss the same nodes. */
const absentIn = (
  { flows }: Night,
  [first]: readonly DecidedSpec[],
  arrived: GatheredNight | undefined,
): Readonly<Record<string, CodedReason>> => {
  const nodes = Object.values(flows).flatMap((flow) => flow.nodes.map(({ id }) => id));
  return Object.fromEntries(
    nodes.flatMap((node): readonly (readonly [string, CodedReason])[] => {
      const why = first && arrived?.absent(first.spec.id, node);
      return why === undefined ? [] : [[node, why]];
    }),
  );
};
