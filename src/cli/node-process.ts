// SPDX-License-Identifier: GPL-3.0-only
import { basename, dirname, join } from 'node:path';
import { openMachinery } from '../night/machinery.ts';
import { readNight } from '../night/night-folder.ts';
import { openSession, type SessionParts } from '../night/open-session.ts';
import { journalSchema } from '../night/records.ts';
import { runOneNode } from '../night/run-one-node.ts';
import { noFacts } from '../review/gate-agent.ts';
import { openJournal } from '../trace/journal.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { onInterrupt } from './interrupt.ts';
import type { NodeArguments, Prepared } from './node-arguments.ts';
import { createProgress } from './progress.ts';

/** Runs the node and prints its counts. Its bundles and journal carry its name. */
export const runNodeProcess = async (
  node: string,
  folder: string,
  args: NodeArguments,
  prepared: Prepared,
): Promise<void> => {
  const night = await readNight(folder);
  const [base, { repository, state }, executor] = await Promise.all([
    openBaseTree(args.repo, night.base.commit),
    prepared.located,
    prepared.executor(night.example),
  ]);
  const flows = new Map(Object.entries(night.flows));
  const agents = new Set(Object.keys(night.agents));
  const sources = { config: night.config, profile: night.profile, flows, agents };
  const machinery = await openMachinery(base, sources, state.code, node);
  const progress = createProgress({ quiet: args.json === true });
  const interrupt = onInterrupt('Interrupted; run the node again to finish it.');
  const journal = openJournal(join(folder, `journal-${node}.jsonl`), journalSchema);
  const { signal } = interrupt;
  try {
    const session = await openSession({
      night,
      base,
      machinery,
      state,
      executor,
      signal,
      folder,
      repository: repository.root,
      journal,
      pack: node,
      terms: termsFor(node, { night, base, machinery, state, executor, signal }),
      watch: progress.watch,
    });
    const counts = await runOneNode(session, node);
    progress.stop();
    const where = join(basename(dirname(folder)), basename(folder));
    process.stdout.write(
      args.json
        ? `${JSON.stringify(counts)}\n`
        : `${node}: ${counts.ok} ok, ${counts.failed} failed, ${counts.skipped} skipped in ${where}\n`,
    );
  } catch (error) {
    throw interrupt.reasonFor(error);
  } finally {
    progress.stop();
    interrupt.release();
    journal.close();
    await Promise.all([machinery.close(), base.close()]);
  }
};

type Known = Pick<SessionParts, 'night' | 'base' | 'machinery' | 'state' | 'executor' | 'signal'>;

/** Only the gate asks how far the reviewers are to be trusted. */
const termsFor =
  (node: string, known: Known): SessionParts['terms'] =>
  async (stage) => {
    if (stage.flow.output !== node) return noFacts;
    const { openTerms } = await import('../night/terms.ts');
    return openTerms(known, stage);
  };
