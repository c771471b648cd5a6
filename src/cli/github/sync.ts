// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { tellSynced } from '../../forge/tell-synced.ts';
import { hasIssues, openForge } from '../../night/open/open-forge.ts';
import { locate } from '../shared/state.ts';

type SyncArguments = { readonly repo: string; readonly json?: true };

/** `pantheon sync`: exit code 1 when something still waits or was refused. */
export const syncCommand = async (args: SyncArguments): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  const say = (line: string): void => {
    if (!args.json) process.stdout.write(`${line}\n`);
  };
  const forge = await openForge({ repository, state, say, otherwise: 'github' });
  if (!hasIssues(forge)) {
    throw new UserError(
      'the forge of this repository is local, so nothing is to be sent; write `forge: github` into pantheon.yaml',
    );
  }
  const synced = await tellSynced(forge, say);
  const { sent, decisions, waiting, refused, trouble } = synced;
  if (args.json) process.stdout.write(`${JSON.stringify(synced, null, 2)}\n`);
  const still = waiting.length + refused.length > 0 || trouble !== undefined;
  if (sent + decisions === 0 && !still) say('Nothing waits, and nothing was decided.');
  if (still) process.exitCode = 1;
};
