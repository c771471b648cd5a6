// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmdir } from 'node:fs/promises';
import { makeTemporaryFolder } from '../data/temporary-folder.ts';
import { SandboxFault, type TreeFolder } from './executor.ts';
import { startAdvice } from './start-advice.ts';
import { hostPath } from './start-bubblewrap.ts';

/** A folder in memory with a size, which is there for as long as a process holds it. */
export type HeldTree = TreeFolder & { readonly release: () => Promise<void> };

/**
 * Mounts a folder in memory of at most `bytes` where nobody else sees it: in the namespaces of a process
 * that does nothing. A disk has no limit that an ordinary user could set for a folder.
 * @throws SandboxFault
 */
export const holdTree = async (bytes: number, bwrap = 'bwrap'): Promise<HeldTree> => {
  const seenAt = await makeTemporaryFolder('tree');
  const holder = spawn(
    bwrap,
    [
      ...['--unshare-user', '--die-with-parent', '--dev-bind', '/', '/'],
      ...['--perms', '0700', '--size', String(bytes), '--tmpfs', seenAt],
      ...['--json-status-fd', '3', '--', 'cat'],
    ],
    { cwd: '/', env: { PATH: hostPath }, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] },
  );
  const ended = once(holder, 'close').catch(() => undefined);
  const release = async (): Promise<void> => {
    holder.kill('SIGKILL');
    await ended;
    await rmdir(seenAt);
  };
  try {
    const pid = await firstProcess(holder);
    const enter = ['nsenter', '--preserve-credentials', '-U', '-m', '-t', String(pid), '--'];
    return { path: `/proc/${pid}/root${seenAt}`, enter, seenAt, release };
  } catch (cause) {
    await release();
    throw new SandboxFault(await startAdvice(cause), { cause });
  }
};

/** Its number, once everything is mounted: then `cat` gives back what it is given. */
const firstProcess = async (holder: ReturnType<typeof spawn>): Promise<number> =>
  new Promise((resolve, reject) => {
    let status = '';
    let errors = '';
    let mounted = false;
    const look = () => {
      const pid = /"child-pid": (\d+)/.exec(status)?.[1];
      if (mounted && pid !== undefined) resolve(Number(pid));
    };
    holder.once('error', reject);
    holder.once('close', () => reject(new Error(errors)));
    holder.stdio[3]?.on('data', (text) => {
      status += text;
      look();
    });
    holder.stderr?.on('data', (text) => {
      errors += text;
    });
    holder.stdout?.once('data', () => {
      mounted = true;
      look();
    });
    holder.stdin?.on('error', () => {});
    holder.stdin?.write('.');
  });
