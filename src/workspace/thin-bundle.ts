// SPDX-License-Identifier: GPL-3.0-only
import { git } from './git.ts';

/**
 * A git bundle of `commit` without what `base` holds, as `fetchBundle` reads it (gitformat-bundle(5)).
 * @throws GitFault when the repository lacks one of them.
 */
export const thinBundle = async (
  repository: string,
  base: string,
  commit: string,
): Promise<Uint8Array> => {
  // One thread, so that the same objects make the same pack.
  const args = ['-c', 'pack.threads=1', 'pack-objects', '--revs', '--thin', '--stdout', '--quiet'];
  const { stdout } = await git(repository, args, { stdin: `${commit}\n^${base}\n` });
  const head =
    commit.length === 64 ? ['# v3 git bundle', '@object-format=sha256'] : ['# v2 git bundle'];
  const lines = [...head, `-${base}`, `${commit} refs/pantheon/commit`, '', ''];
  return Buffer.concat([Buffer.from(lines.join('\n')), stdout]);
};
