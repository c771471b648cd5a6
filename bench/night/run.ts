// SPDX-License-Identifier: GPL-3.0-only

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNight } from '../../src/night/start.ts';
import { stateAt } from '../../src/night/state-folder.ts';
import type { Measured } from './measured.ts';
import { spawnSeconds } from './spawn-cost.ts';
import { createVault } from './vault.ts';

/* One night of the given number of units in a process of its own; prints what it cost as JSON. */

type Begun = {
  readonly cpu: NodeJS.CpuUsage;
  readonly at: number;
  readonly spawning: number;
};

const secondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;

const units = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), 'pantheon-bench-'));
try {
  await createVault(join(folder, 'vault'), units);
  let nodes = 0;
  const preflight = process.cpuUsage();
  let begun: Begun | undefined;
  const { summary } = await startNight({
    repository: join(folder, 'vault'),
    state: stateAt(join(folder, 'state')),
    startedAt: '2026-01-01T00:00:00Z',
    example: false,
    resume: false,
    watch: {
      node: ({ state }) => {
        begun ??= {
          cpu: process.cpuUsage(),
          at: performance.now(),
          spawning: spawnSeconds(),
        };
        if (state !== 'running') nodes += 1;
      },
      spec: () => {},
    },
    say: (line) => process.stderr.write(`${line}\n`),
    signal: new AbortController().signal,
  });
  if (!begun) throw new Error('the night ran no node');
  const { at, cpu } = begun;
  const seconds = (performance.now() - at) / 1000;
  const measured: Measured = {
    units,
    nodes,
    seconds,
    cpuSeconds: secondsOf(process.cpuUsage(cpu)) - (spawnSeconds() - begun.spawning),
    spawnCpuSeconds: spawnSeconds() - begun.spawning,
    preflightCpuSeconds: secondsOf(cpu) - secondsOf(preflight),
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    pullRequests: summary.counts.pullRequests,
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
