// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './measured.ts';
import { spawnSeconds } from './spawn-cost.ts';
import { createHome, createVault } from './vault.ts';

/* One night of the given number of units in a process of its own; prints what it cost as JSON. */

const secondsOf = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;

const units = Number(process.argv[2]);
const folder = await mkdtemp(join(tmpdir(), 'pantheon-bench-'));
try {
  await createVault(join(folder, 'vault'), units);
  // Agents of a repository would run as hands: these stand for those that ship.
  process.env.PANTHEON_HOME = await createHome(join(folder, 'home'));
  const { workVault } = await import('./work-vault.ts');
  const preflight = process.cpuUsage();
  const { summary, nodes, begun } = await workVault(folder, () => ({
    cpu: process.cpuUsage(),
    at: performance.now(),
    spawning: spawnSeconds(),
  }));
  const unopened = summary.specs.find(({ branch }) => branch === null);
  if (unopened) throw new Error(`${unopened.id} has no pull request: ${unopened.reason}`);
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
