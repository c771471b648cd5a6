// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import { committedConfig, hasIssues, openForge } from '../../night/open/open-forge.ts';
import { locate } from '../shared/state.ts';

type SyncArguments = { readonly repo: string; readonly json?: true };

/** `pantheon sync`: exit code 1 when something still waits or was refused. */
export const syncCommand = async (args: SyncArguments): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  const say = (line: string): void => {
    if (!args.json) process.stdout.write(`${line}\n`);
  };
  const config = await committedConfig(repository);
  const forge = await openForge({ repository, state, config, say, otherwise: 'github' });
  if (!hasIssues(forge)) {
    throw new UserError(
      'The forge of this repository is local, so there is nothing to send. Set `forge: github` in pantheon.yaml.',
    );
  }
  const synced = await syncForge(forge, say);
  const { sent, decisions, waiting, refused, trouble } = synced;
  if (args.json) process.stdout.write(`${JSON.stringify(synced, null, 2)}\n`);
  const still = waiting.length + refused.length > 0 || trouble !== undefined;
  if (sent + decisions === 0 && !still) say('Nothing is waiting, and there are no new decisions.');
  if (still) process.exitCode = 1;
};
