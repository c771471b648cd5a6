// SPDX-License-Identifier: GPL-3.0-only
import { basename, dirname, join, resolve } from 'node:path';
import { findExecutor } from '../boundary/find-executor.ts';
import { openMachinery } from '../night/machinery.ts';
import { readNight } from '../night/night-folder.ts';
import { openSession } from '../night/open-session.ts';
import { journalSchema } from '../night/records.ts';
import { runOneNode } from '../night/run-one-node.ts';
import { openTerms } from '../night/terms.ts';
import { openJournal } from '../trace/journal.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { onInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';
import { locate } from './state.ts';

export type NodeArguments = {
  readonly repo: string;
  /** `traces/<night>`. */
  readonly night: string;
  readonly json?: true;
};

/**
 * `pantheon node`: exit code 0 when every unit reached an end. Its bundles and journal carry the
 * node's name, so that several nodes' processes can write to one night.
 */
export const nodeCommand = async (node: string, args: NodeArguments): Promise<void> => {
  const folder = resolve(args.night);
  const { repository, state } = await locate(args.repo);
  const night = await readNight(folder);
  const base = await openBaseTree(repository.root, night.base.commit);
  const flows = new Map(Object.entries(night.flows));
  const sources = { config: night.config, profile: night.profile, flows };
  const machinery = await openMachinery(base, sources, state.code);
  const progress = createProgress({ quiet: args.json === true });
  const interrupt = onInterrupt('Interrupted; run the node again to finish it.');
  const journal = openJournal(join(folder, `journal-${node}.jsonl`), journalSchema);
  try {
    const { executor } = await findExecutor({ allowUnconfined: night.example });
    const shared = { night, base, machinery, state, executor, signal: interrupt.signal };
    const session = await openSession({
      ...shared,
      folder,
      repository: repository.root,
      journal,
      pack: node,
      terms: (stage) => openTerms(shared, stage),
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
  } finally {
    progress.stop();
    interrupt.release();
    journal.close();
    await Promise.all([machinery.close(), base.close()]);
  }
};
