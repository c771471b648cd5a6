// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../trace/journal.ts';
import { extendSealed } from '../../trace/sign/seal.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { WorkNight } from '../child/outside.ts';
import { readNight } from '../record/night-folder.ts';
import { journalSchema } from '../record/night-schemas.ts';
import type { StateFolder } from '../record/state-folder.ts';
import type { NightWatch } from '../run/session.ts';
import type { NodeCounts } from '../spec/run-one-node.ts';
import type { ShardJob, ShardJobOptions } from './shard-job.ts';

export type NodeJobOptions = Omit<ShardJobOptions, 'shard'> & {
  /** Only the specs of this shard. */
  readonly shard?: ShardJobOptions['shard'];
  readonly repository: Repository;
  readonly state: StateFolder;
  /** Who must play the node. */
  readonly agent?: string | undefined;
  /** Who works it: this process, or one that holds less. */
  readonly workerOf: (night: { readonly example?: true }) => Promise<WorkNight>;
  readonly watch: NightWatch;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Has one node of a decided night, or the whole flow of a shard, worked in a process of its own, and writes its journal. */
export const runNodeJob = async (options: NodeJobOptions): Promise<NodeCounts> => {
  const { shard, say } = options;
  if (shard === undefined) return runNode(options);
  // Only a job of its own pays for the code of it.
  const { planShardJob } = await import('./shard-job.ts');
  const job = await planShardJob({ ...options, shard });
  for (const line of job.refused) say(`Not taken: ${line}.`);
  let complete = false;
  try {
    const counts = await runNode(options, job);
    complete = true;
    return counts;
  } finally {
    await job.leave(complete);
  }
};

const runNode = async (options: NodeJobOptions, job?: ShardJob): Promise<NodeCounts> => {
  const { node, folder, agent, repository, state, watch, say, signal } = options;
  const night = job?.night ?? (await readNight(folder));
  const work = await options.workerOf(night.example ? { example: true } : {});
  const name = node ?? 'flow';
  const file = job?.journal ?? join(folder, `journal-${name}.jsonl`);
  // What never began leaves none.
  let journal = existsSync(file) ? openJournal(file, journalSchema) : undefined;
  const opened = () => {
    journal ??= openJournal(file, journalSchema);
    return journal;
  };
  try {
    const { engines, counts } = await work(
      {
        repository: { root: repository.root, head: night.base.commit },
        ...{ state: state.root, id: night.id, folder, relays: {} },
        begin: {
          kind: 'node',
          night,
          records: [...(journal?.records ?? [])],
          pack: job?.pack ?? name,
          absent: { ...job?.absent },
          ...(job && { specs: job.specs.map(({ spec }) => spec.id) }),
          ...(node !== undefined && { node }),
          ...(agent !== undefined && { agent }),
        },
      },
      {
        ...{ say, node: watch.node, record: (record) => opened().append(record) },
        extend: extendSealed(state.root),
        ready: async () => {},
        terms: () => {},
        left: () => {},
      },
      signal,
    );
    if (counts === undefined) throw new Error('a node that was not counted');
    opened();
    await job?.tell(engines);
    return counts;
  } finally {
    journal?.close();
  }
};
