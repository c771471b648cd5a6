// SPDX-License-Identifier: GPL-3.0-only
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

let microseconds = 0;
const { spawn } = childProcess;

/* Starting a process costs the parent CPU too (its memory is mapped once more): counted apart. */
childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
  const before = process.cpuUsage();
  try {
    return spawn(...args);
  } finally {
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
}) as typeof spawn;
syncBuiltinESMExports();

/** CPU seconds this process has spent on starting others so far. */
export const spawnSeconds = (): number => microseconds / 1e6;
