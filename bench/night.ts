// SPDX-License-Identifier: GPL-3.0-only
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measured } from './night/measured.ts';
import { memoryFlags } from './night/memory-flags.ts';
import { createVault } from './night/vault.ts';

/*
 * npm run bench: what a night costs beyond its engine, git and tests. Ratios of one run on one
 * machine; machines are shared, so absolute figures are only a hint.
 */

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const sizes = process.argv.slice(2).map(Number);

const measure = async (units: number): Promise<Measured> => {
  const script = join(root, 'bench', 'night', 'run.ts');
  const { stdout } = await run(process.execPath, [...memoryFlags, script, String(units)], {
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout);
};

const perNode = ({ cpuSeconds, nodes }: Measured): number => (cpuSeconds / nodes) * 1000;

const printNights = async (): Promise<void> => {
  console.log(
    'A 6-node flow (4 nodes a unit, 2 a spec, 10 units a spec), every bundle written, on an',
  );
  console.log(
    'engine that answers at once. CPU is per node-run, without starting git processes.\n',
  );
  console.log('   units  node-runs   runs/s  CPU ms  git start ms  peak MB  pull requests');
  const results: Measured[] = [];
  for (const units of sizes.length > 0 ? sizes : [100, 1000, 10_000]) {
    const result = await measure(units);
    results.push(result);
    const { nodes, seconds, spawnCpuSeconds, peakMegabytes, pullRequests } = result;
    const cells = [
      String(units).padStart(8),
      String(nodes).padStart(9),
      (nodes / seconds).toFixed(0).padStart(7),
      perNode(result).toFixed(2).padStart(6),
      ((spawnCpuSeconds / nodes) * 1000).toFixed(2).padStart(12),
      peakMegabytes.toFixed(0).padStart(7),
      String(pullRequests).padStart(13),
    ];
    console.log(cells.join('  '));
  }
  const [first, last] = [results[0], results.at(-1)];
  if (first && last && first !== last) {
    const growth = perNode(last) / perNode(first);
    console.log(
      `\nCPU per node-run at ${last.units} over ${first.units} units: ${growth.toFixed(2)} (goal 1.20)`,
    );
  }
};

const tries = 11;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const timed = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now();
  execFileSync(command, args, { env, stdio: 'ignore' });
  return performance.now() - started;
};

const printColdStart = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-cold-'));
  try {
    const vault = join(folder, 'vault');
    await createVault(vault, 10);
    const env = { ...process.env, PANTHEON_STATE: join(folder, 'state'), CI: '1' };
    const pantheon = join(root, 'bin', 'pantheon');
    const night = execFileSync(pantheon, ['night', '--repo', vault, '--json'], {
      env,
      encoding: 'utf8',
    });
    const states = execFileSync('find', [join(folder, 'state'), '-name', 'night.json'], {
      encoding: 'utf8',
    });
    const nightFolder = states.trim().replace(/\/night\.json$/, '');
    if (JSON.parse(night).specs.length === 0) throw new Error('the night had no spec');
    const node = ['node', 'test', '--night', nightFolder, '--repo', vault, '--json'];
    const bare: number[] = [];
    const action: number[] = [];
    for (let index = 0; index < tries; index += 1) {
      bare.push(timed(process.execPath, ['-e', '0'], env));
      action.push(timed(pantheon, node, env));
    }
    const ratio = median(action) / median(bare);
    console.log(
      `\nCold start of one action process (pantheon node, nothing left to do), median of ${tries}:`,
    );
    console.log(`${ratio.toFixed(1)} times a bare node -e 0 (goal 8)`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
await printNights();
await printColdStart();
