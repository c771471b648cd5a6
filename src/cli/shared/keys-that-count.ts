// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { keyFolder, readKeys } from '../../trace/sign/key-folder.ts';
import { type PublicKey, parsePublicKeys, publicKeysName } from '../../trace/sign/public-keys.ts';
import { GitFault, git } from '../../workspace/git.ts';
import { resolveRepository } from '../../workspace/repository.ts';

/** Of the file that is named; else those that the repository has committed, and this machine's. */
export const keysThatCount = async ({
  keys,
  repo,
}: {
  readonly keys?: string;
  readonly repo: string;
}): Promise<readonly PublicKey[]> => {
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
