// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Run, temporaryFolder } from './with-repository.ts';

/** An ssh key that git signs and verifies with in a repository. */
export const makeSshKey = (
  t: { readonly teardown: (clean: () => void) => void },
  run: Run,
  type = 'ed25519',
): { readonly key: string } => {
  const folder = temporaryFolder(t);
  const key = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'pantheon', '-f', key]);
  const signers = join(folder, 'signers');
  writeFileSync(signers, `* ${readFileSync(`${key}.pub`, 'utf8')}`);
  run(['config', 'gpg.format', 'ssh']);
  run(['config', 'user.signingkey', key]);
  run(['config', 'gpg.ssh.allowedSignersFile', signers]);
  return { key };
};
