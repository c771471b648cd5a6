// SPDX-License-Identifier: GPL-3.0-only
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHome, createVault } from '../../night/vault.ts';
import { secondsWaited } from './seconds-waited.ts';
import { type Side, simulatedConfig } from './side.ts';

/*
 * One night on a server that listens on a socket, in a process of its own; prints what it took as
 * JSON: `node bench/engines/makespan/night.ts SOCKET UNITS SLOTS`.
 */

const [socket = '', units = '', slots = ''] = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'pantheon-bench-'));
try {
  await createVault(join(folder, 'vault'), Number(units), simulatedConfig(socket, Number(slots)));
  process.env.PANTHEON_HOME = await createHome(join(folder, 'home'));
  const { workVault } = await import('../../night/work-vault.ts');
  const { summary, nodes, begun } = await workVault(folder, () => ({
    at: Date.now(),
    cpu: process.cpuUsage(),
    waited: secondsWaited(),
  }));
  const ended = Date.now();
  const { user, system } = process.cpuUsage(begun.cpu);
  const [engine] = summary.engines;
  const approved = summary.specs.reduce((sum, spec) => sum + spec.units.approved, 0);
  if (approved !== Number(units)) {
    const reds = summary.specs.flatMap(({ unitDetails }) => unitDetails);
    const red = reds.find(({ state }) => state !== 'approved');
    throw new Error(
      `only ${approved} of ${units} units were approved; one ended at ${red?.node} (${red?.code}): ${red?.reason}`,
    );
  }
  const side: Side = {
    begun: begun.at,
    ended,
    nodes,
    cpuSeconds: (user + system) / 1e6,
    cpuWaitSeconds: secondsWaited() - begun.waited,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    ...(engine && { batch: engine.batch }),
  };
  process.stdout.write(`${JSON.stringify(side)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
