// SPDX-License-Identifier: GPL-3.0-only
import { printable } from '../data/printable.ts';
import { deps } from './deps.ts';
import { untilInterrupted } from './shared/interrupt.ts';
import { locate } from './shared/state.ts';

/** `pantheon deps` */
export const depsCommand = async (args: {
  readonly repo: string;
  readonly dryRun?: true;
}): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  await untilInterrupted('Interrupted; nothing was changed. Run it again.', async (signal) => {
    const results = await deps({
      repo: repository.root,
      stateFolder: state.root,
      signal,
      ...(args.dryRun && { dryRun: true }),
    });
    for (const { lockfile, outcome, folder } of results) {
      process.stdout.write(`${printable(`${lockfile}: ${outcome} (${folder})`)}\n`);
    }
  });
};
