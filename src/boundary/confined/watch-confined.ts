// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync, statSync } from 'node:fs';
import type { Limits } from '../executor.ts';
import { sayLimit } from '../limits/limits.ts';
import { sandboxIn, watchSandbox } from '../limits/watch.ts';

/**
 * Watches a confined process that has begun, with all that it starts, and says in words the first limit that is
 * passed. `pid` is what started it, as this process counts; `inMemory` are its folders in memory.
 */
export const watchConfined = (
  pid: number,
  inMemory: readonly string[],
  limits: Limits,
  onPassed: (why: string) => void,
): (() => void) => {
  const inside = firstInside(pid);
  if (inside === undefined) {
    onPassed('its memory cannot be counted: its processes are not in /proc');
    return () => {};
  }
  return watchSandbox(sandboxIn(inMemory)(inside), limits, (limit) =>
    onPassed(
      limit === 'unseen' ? 'its processes cannot be counted any more' : sayLimit(limit, limits),
    ),
  );
};

/** What starts it waits where this process is, and has one child (proc_pid_children(5)). */
const firstInside = (pid: number): number | undefined => {
  try {
    const here = statSync('/');
    for (let at = pid; at > 0; ) {
      const there = statSync(`/proc/${at}/root/`);
      if (there.dev !== here.dev || there.ino !== here.ino) return at;
      at = Number.parseInt(readFileSync(`/proc/${at}/task/${at}/children`, 'latin1'), 10) || 0;
    }
  } catch {
    // It has ended, and its end says why.
  }
  return undefined;
};
