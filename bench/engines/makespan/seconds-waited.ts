// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';

/**
 * Seconds that this process's main thread stood ready with no core to run on, by the kernel's count
 * (Documentation/scheduler/sched-stats.rst); 0 where the kernel does not count it.
 */
export const secondsWaited = (): number => {
  try {
    const [, waited] = readFileSync('/proc/self/schedstat', 'utf8').split(' ');
    return Number(waited) / 1e9;
  } catch {
    return 0;
  }
};
