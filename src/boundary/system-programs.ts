// SPDX-License-Identifier: GPL-3.0-only
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that a confined process sees in place of this machine's own. */
const ownFile = (name: string): string => join(import.meta.dirname, 'etc', name);

/** Options of bwrap(1) that show the system's programs, and of `/etc` what they cannot do without. */
export const systemPrograms = async (): Promise<readonly string[]> => [
  ...['--ro-bind', '/usr', '/usr'],
  ...(await Promise.all(['/bin', '/sbin', '/lib', '/lib64'].map(systemFolder))).flat(),
  ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  ...['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
  ...['passwd', 'group', 'hosts', 'nsswitch.conf'].flatMap((name) => [
    '--ro-bind',
    ownFile(name),
    `/etc/${name}`,
  ]),
];

/** `/lib` and its kin are links into `/usr` on most systems and folders on some. */
const systemFolder = async (path: string): Promise<readonly string[]> => {
  const stat = await lstat(path).catch(() => undefined);
  if (stat?.isSymbolicLink()) return ['--symlink', await readlink(path), path];
  return stat?.isDirectory() ? ['--ro-bind', path, path] : [];
};

const kernelSwitches = ['sys', 'sysrq-trigger', 'mtrr', 'pressure', 'scsi', 'acpi'].map(
  (name) => `/proc/${name}`,
);
/** They name what is in the keyring of whoever started it. */
const keyLists = ['/proc/keys', '/proc/key-users'];

/** Options of bwrap(1) that cover what of `/proc` leads out of a sandbox. */
export const coveredProc = async (): Promise<readonly string[]> => [
  // Root's own id opens these even without capabilities, and core_pattern leads out of any sandbox.
  ...kernelSwitches.flatMap((path) => ['--ro-bind-try', path, path]),
  ...(await Promise.all(keyLists.map(emptied))).flat(),
];

const emptied = async (path: string): Promise<readonly string[]> =>
  (await lstat(path).catch(() => undefined)) ? ['--ro-bind', ownFile('empty'), path] : [];
