// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const profile = join(import.meta.dirname, 'etc', 'apparmor-bwrap');

/** What is for the whole machine to decide is never asked to be weakened. */
const elsewhere =
  'That holds for the whole machine and is left as it is; run nights in a virtual machine of their own';

/** Kernel settings that keep a user from creating namespaces, the value that does, and the way around. */
const blockers = [
  [
    'kernel.apparmor_restrict_unprivileged_userns',
    '1',
    `AppArmor has no profile for it (Ubuntu 24.04). Run: sudo install -m 644 ${profile} /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`,
  ],
  ['kernel.unprivileged_userns_clone', '0', `Only root may. ${elsewhere}`],
  ['user.max_user_namespaces', '0', `Nobody may. ${elsewhere}`],
] as const;

/** One line saying why bubblewrap did not start (its error output, or the error of `spawn`) and the fix. */
export const startAdvice = async (
  failure: unknown,
  setting: (name: string) => Promise<string | undefined> = readSetting,
): Promise<string> => {
  if ((failure as NodeJS.ErrnoException)?.code === 'ENOENT') {
    return (failure as NodeJS.ErrnoException).path === 'nsenter'
      ? 'nsenter is not installed. Run: sudo apt-get install util-linux'
      : 'bubblewrap is not installed. Run: sudo apt-get install bubblewrap';
  }
  const text = failure instanceof Error ? failure.message : String(failure);
  const line = text.trim().split('\n')[0] || 'it ended without a message';
  if (/failed to execute .*: No such file/.test(line))
    return 'bubblewrap is not installed. Run: sudo apt-get install bubblewrap';
  if (!/namespace|uid map|not permitted|permission denied/i.test(line)) {
    return `bubblewrap did not start (${line}). Try: bwrap --unshare-all --ro-bind / / true`;
  }
  for (const [name, blocking, way] of blockers) {
    if ((await setting(name)) === blocking) {
      return `bubblewrap cannot create namespaces here (${line}; ${name} is ${blocking}): ${way}`;
    }
  }
  return `bubblewrap cannot create namespaces here (${line}). Allow user namespaces, or start the container with them (docker run --security-opt seccomp=unconfined)`;
};

const readSetting = async (name: string): Promise<string | undefined> =>
  (await readFile(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8').catch(() => undefined))?.trim();
