// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';

/** Kernel settings that keep a user from creating namespaces: the value that does, and one that does not. */
const blockers = [
  ['kernel.apparmor_restrict_unprivileged_userns', '1', '0'],
  ['kernel.unprivileged_userns_clone', '0', '1'],
  ['user.max_user_namespaces', '0', '15000'],
] as const;

/** One line saying why bubblewrap did not start (its error output, or the error of `spawn`) and the fix. */
export const startAdvice = async (failure: unknown): Promise<string> => {
  if ((failure as NodeJS.ErrnoException)?.code === 'ENOENT') {
    return (failure as NodeJS.ErrnoException).path === 'nsenter'
      ? 'nsenter is not installed. Run: sudo apt-get install util-linux'
      : 'bubblewrap is not installed. Run: sudo apt-get install bubblewrap';
  }
  const text = failure instanceof Error ? failure.message : String(failure);
  const line = text.trim().split('\n')[0] || 'it ended without a message';
  if (!/namespace|uid map|not permitted|permission denied/i.test(line)) {
    return `bubblewrap did not start (${line}). Try: bwrap --unshare-all --ro-bind / / true`;
  }
  for (const [name, blocking, allowing] of blockers) {
    if ((await readSetting(name)) === blocking) {
      return `bubblewrap cannot create namespaces here (${line}). Run: sudo sysctl -w ${name}=${allowing}`;
    }
  }
  return `bubblewrap cannot create namespaces here (${line}). Allow user namespaces, or start the container with them (docker run --security-opt seccomp=unconfined)`;
};

const readSetting = async (name: string): Promise<string | undefined> =>
  (await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').catch(() => undefined))?.trim();
