// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { createLateExecutor } from '../../boundary/late-executor.ts';
import { openJournal } from '../../trace/journal.ts';
import { extendSealed } from '../../trace/sign/seal.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { FreezeOptions } from '../exam/freeze-terms.ts';
import { openSetup } from '../open/open-setup.ts';
import { setupFiles } from '../open/setup-files.ts';
import { type FrozenTerms, readTerms } from '../record/frozen-terms.ts';
import { readNight } from '../record/night-folder.ts';
import { journalSchema } from '../record/night-schemas.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { openSession, type SessionParts } from '../run/open-session.ts';
import type { NightWatch } from '../run/session.ts';
import { type NodeCounts, runOneNode } from '../spec/run-one-node.ts';
import type { ShardJob, ShardJobOptions } from './shard-job.ts';

export type NodeJobOptions = Omit<ShardJobOptions, 'shard'> & {
  /** Only the specs of this shard. */
  readonly shard?: ShardJobOptions['shard'];
  /** A folder of the repository. */
  readonly repo: string;
  /** Who must play the node. */
  readonly agent?: string | undefined;
  /** What is being found out while this process still loads its code. */
  readonly located: Promise<{ readonly repository: Repository; readonly state: StateFolder }>;
  readonly watch: NightWatch;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Runs one node of a decided night in a process of its own. Its bundles and journal carry its name. */
export const runNodeJob = async (options: NodeJobOptions): Promise<NodeCounts> => {
  const { shard, say } = options;
  if (shard === undefined) return runNode(options);
  // Only a job of its own pays for the code of it.
  const { checkShardRunner, planShardJob } = await import('./shard-job.ts');
  const job = await planShardJob({ ...options, shard });
  for (const line of job.refused) say(`Not taken: ${line}.`);
  let complete = false;
  try {
    const counts = await runNode(options, job, checkShardRunner);
    complete = true;
    return counts;
  } finally {
    await job.leave(complete);
  }
};

const runNode = async (
  options: NodeJobOptions,
  job?: ShardJob,
  checkRunner?: typeof import('./shard-job.ts')['checkShardRunner'],
): Promise<NodeCounts> => {
  const { node, folder, agent, watch } = options;
  const night = job?.night ?? (await readNight(folder));
  const frozen = await readTerms(folder);
  const [base, { repository, state }] = await Promise.all([
    openBaseTree(options.repo, night.base.commit),
    options.located,
  ]);
  // Without a sandbox the job ends, and nothing is recorded of what asked for it.
  const sandbox = new AbortController();
  const signal = AbortSignal.any([options.signal, sandbox.signal]);
  const executor = createLateExecutor({ allowUnconfined: night.example }, (error) =>
    sandbox.abort(error),
  );
  const setup = await openSetup(setupFiles(base, night.config), {
    profile: night.profile,
    flows: () => new Map(Object.entries(night.flows)),
    codeFolder: job?.code ?? state.code,
    node,
    agents: new Map(
      Object.values(night.agents).map(({ manifestDigest, manifest }) => [manifestDigest, manifest]),
    ),
    frozen: frozen !== undefined,
  });
  const journalFile = job?.journal ?? join(folder, `journal-${node}.jsonl`);
  const journal = openJournal(journalFile, journalSchema);
  try {
    checkRunner?.(night, setup, { node, agent });
    const parts = { night, base, setup, state, executor, signal };
    const session = await openSession({
      ...parts,
      folder,
      repository: repository.root,
      journal,
      pack: job?.pack ?? node,
      ...(job?.absent && { absent: job.absent }),
      terms: termsFor(node, parts, frozen),
      watch,
    });
    try {
      const engines = await setup.engines();
      await Promise.all(engines.map(({ dispatcher }) => dispatcher.begin()));
      const counts = await runOneNode(session, node, job?.specs);
      await job?.tell(engines);
      return counts;
    } finally {
      for (const { spec } of job?.specs ?? []) session.traces.pack(spec.id);
    }
  } finally {
    journal.close();
    await Promise.all([setup.close(), base.close()]);
  }
};

/** Where nothing was frozen, only the gate asks how far the reviewers are to be trusted. */
const termsFor =
  (node: string, parts: FreezeOptions, frozen: FrozenTerms | undefined): SessionParts['terms'] =>
  async (flow) => {
    const { name, output } = flow.definition;
    if (frozen || output !== node) return frozen?.flows[name];
    const { openTerms } = await import('../exam/freeze-terms.ts');
    return openTerms({ ...parts, extend: extendSealed(parts.state.root) })(flow);
  };
