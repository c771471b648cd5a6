// SPDX-License-Identifier: GPL-3.0-only
import { basename, dirname, join } from 'node:path';
import { openSetup } from '../../night/open/open-setup.ts';
import { setupFiles } from '../../night/open/read-commit.ts';
import { readNight } from '../../night/record/night-folder.ts';
import { journalSchema } from '../../night/record/night-record.ts';
import { openSession, type SessionParts } from '../../night/run/open-session.ts';
import { type NodeCounts, runOneNode } from '../../night/spec/run-one-node.ts';
import { refusingTerms } from '../../review/gate/gate-terms.ts';
import { openJournal } from '../../trace/journal.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import { createProgress } from '../shared/progress.ts';
import type { NodeArguments, Prepared } from './node-arguments.ts';
import type { ShardJob } from './node-job.ts';

/** Runs the node and prints its counts. Its bundles and journal carry its name. */
export const runNodeProcess = async (
  node: string,
  folder: string,
  args: NodeArguments,
  prepared: Prepared,
): Promise<NodeCounts> => {
  const { shard } = args;
  // Only a job of its own pays for the code of it.
  const jobs = shard === undefined ? undefined : await import('./node-job.ts');
  const job = await jobs?.planShardJob(node, folder, { ...args, shard: shard ?? '' });
  for (const line of job?.refused ?? []) process.stderr.write(`pantheon: ${line}\n`);
  let complete = false;
  try {
    const counts = await runNode(node, folder, args, prepared, job, jobs?.checkShardRunner);
    complete = true;
    const where = join(basename(dirname(folder)), basename(folder));
    process.stdout.write(
      args.json
        ? `${JSON.stringify(counts)}\n`
        : `${node}: ${counts.ok} ok, ${counts.failed} failed, ${counts.skipped} skipped in ${where}\n`,
    );
    return counts;
  } finally {
    await job?.leave(complete);
  }
};

const runNode = async (
  node: string,
  folder: string,
  args: NodeArguments,
  prepared: Prepared,
  job: ShardJob | undefined,
  checkRunner: typeof import('./node-job.ts')['checkShardRunner'] | undefined,
): Promise<NodeCounts> => {
  const night = job?.night ?? (await readNight(folder));
  const [base, { repository, state }, executor] = await Promise.all([
    openBaseTree(args.repo, night.base.commit),
    prepared.located,
    prepared.executor(night.example),
  ]);
  const setup = await openSetup(setupFiles(base, night.config), {
    profile: night.profile,
    flows: new Map(Object.entries(night.flows)),
    codeFolder: job?.code ?? state.code,
    node,
    agents: new Set(Object.keys(night.agents)),
    frozen: job?.terms !== undefined,
  });
  const progress = createProgress({ quiet: args.json === true });
  const journalFile = job?.journal ?? join(folder, `journal-${node}.jsonl`);
  const journal = openJournal(journalFile, journalSchema);
  const work = async (signal: AbortSignal): Promise<NodeCounts> => {
    checkRunner?.(night, setup, { node, agent: args.agent });
    const known = { night, base, setup, state, executor, signal };
    const session = await openSession({
      ...known,
      folder,
      repository: repository.root,
      journal,
      pack: job?.pack ?? node,
      ...(job?.absent && { absent: job.absent }),
      terms: termsFor(node, known, job),
      watch: progress.watch,
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
  };
  try {
    return await untilInterrupted('Interrupted; run the node again to finish it.', work);
  } finally {
    progress.stop();
    journal.close();
    await Promise.all([setup.close(), base.close()]);
  }
};

type Known = Pick<SessionParts, 'night' | 'base' | 'setup' | 'state' | 'executor' | 'signal'>;

/** Only the gate asks how far the reviewers are to be trusted. */
const termsFor =
  (node: string, known: Known, job: ShardJob | undefined): SessionParts['terms'] =>
  async (flow) => {
    if (flow.definition.output !== node) return refusingTerms;
    const frozen = job?.terms?.flows[flow.definition.name];
    if (frozen) return frozen;
    const { freezeTerms } = await import('../../night/exam/freeze-terms.ts');
    return freezeTerms(known, flow);
  };
