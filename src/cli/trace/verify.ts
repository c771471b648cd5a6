// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { type VerifiedNight, verifyNight } from '../../night/verify/verify-night.ts';
import { keyFolder, readKeys } from '../../trace/sign/key-folder.ts';
import { type PublicKey, parsePublicKeys, publicKeysName } from '../../trace/sign/public-keys.ts';
import { GitFault, git } from '../../workspace/git.ts';
import { resolveRepository } from '../../workspace/repository.ts';
import { openNight, type TraceArguments } from '../shared/nights.ts';

type VerifyArguments = TraceArguments & { readonly keys?: string; readonly json?: true };

/** `pantheon trace verify`: exit code 1 where something was changed. */
export const verifyCommand = async (text: string, args: VerifyArguments): Promise<void> => {
  const folder = await openNight(text, args);
  const keys = await keysThatCount(args);
  const verified = await verifyNight(folder, keys);
  const ok = verified.changed.length === 0;
  const said = args.json
    ? JSON.stringify({ ok, ...verified }, null, 2)
    : printableLines(describe(verified).join('\n'));
  process.stdout.write(`${said}\n`);
  process.exitCode = ok ? 0 : 1;
};

const describe = ({ night, keyid, bundles, pruned, changed }: VerifiedNight): readonly string[] =>
  changed.length === 0
    ? [
        `${night}: as ${keyid} signed it, ${pruned ? 'pruned of its' : 'with'} ${countNoun(bundles, 'bundle')}.`,
      ]
    : [`${night}: changed.`, ...changed.map(({ what, how }) => `  ${what} ${how}`)];

/** Of the file that is named; else those that the repository has committed, and this machine's. */
export const keysThatCount = async ({
  keys,
  repo,
}: Pick<VerifyArguments, 'keys' | 'repo'>): Promise<readonly PublicKey[]> => {
  if (keys !== undefined) return parsePublicKeys(read(resolve(keys)), keys);
  const committed = await committedKeys(repo);
  const all = [...committed, ...readKeys(keyFolder())];
  if (all.length > 0) return [...new Map(all.map((key) => [key.keyid, key])).values()];
  throw new UserError(
    `there are no keys to verify with: ${publicKeysName} is not committed, and this machine has none. Name a file with --keys`,
  );
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`cannot be read (${code})`, { place: { file }, cause });
  }
};

const committedKeys = async (repo: string): Promise<readonly PublicKey[]> => {
  try {
    const { root, head } = await resolveRepository(repo);
    const { stdout } = await git(root, ['show', `${head}:${publicKeysName}`]);
    return parsePublicKeys(stdout.toString('utf8'), publicKeysName);
  } catch (error) {
    // With --traces a night may lie outside of any repository.
    if (error instanceof GitFault) return [];
    throw error;
  }
};
