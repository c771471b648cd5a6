// SPDX-License-Identifier: GPL-3.0-only
import { execFile, execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeOnce } from '../../src/data/make-once.ts';
import type { Measured } from './measured.ts';

/* A checkout of this repository that is measured, with its own code and its own bench of a night. */

const run = promisify(execFile);

/** What one night of that many units costs there, started as `bin/pantheon` starts it a second time. */
export const measureNight = async (tree: string, units: number): Promise<Measured> => {
  const bench = benchOf(tree);
  const { memoryFlags } = await import(pathToFileURL(join(bench, 'memory-flags.ts')).href);
  const args = [...memoryFlags, join(bench, 'run.ts')];
  const compiled = await compiledFor(tree, args);
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const { stdout } = await run(process.execPath, [...args, String(units)], { env, maxBuffer: 1e8 });
  return JSON.parse(stdout);
};

const benchOf = (tree: string): string => join(tree, 'bench', 'night');

const compiledFolders = new Map<string, Promise<string>>();

/** A compile cache that a small night has filled; it is removed when this process ends. */
const compiledFor = (tree: string, args: readonly string[]): Promise<string> =>
  makeOnce(compiledFolders, tree, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pantheon-compiled-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    const env = { ...process.env, NODE_COMPILE_CACHE: folder };
    await run(process.execPath, [...args, '10'], { env });
    return folder;
  });

/** One start of an action's process there; `clean` removes what it needed. */
export type ColdStart = {
  readonly milliseconds: () => number;
  readonly clean: () => Promise<void>;
};

/** Decides a night there, so that a node of it has nothing left to do. */
export const prepareColdStart = async (tree: string): Promise<ColdStart> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-cold-'));
  const vault = join(folder, 'vault');
  // With the settings that its own version knows.
  const { createVault, createHome } = await import(
    pathToFileURL(join(benchOf(tree), 'vault.ts')).href
  );
  await createVault(vault, 10);
  const env = {
    ...process.env,
    // An older tree has the bench's agents in the repository.
    ...(createHome && { PANTHEON_HOME: await createHome(join(folder, 'home')) }),
    PANTHEON_STATE: join(folder, 'state'),
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    CI: '1',
  };
  const pantheon = join(tree, 'bin', 'pantheon');
  const options = { env, encoding: 'utf8' } as const;
  const night = execFileSync(pantheon, ['night', '--repo', vault, '--json'], options);
  if (JSON.parse(night).specs.length === 0) throw new Error('the night had no spec');
  const find = [join(folder, 'state'), '-name', 'night.json'];
  const nightFolder = execFileSync('find', find, options)
    .trim()
    .replace(/\/night\.json$/, '');
  const node = ['node', 'test', '--night', nightFolder, '--repo', vault, '--json'];
  const start = (): number => timed(pantheon, node, env);
  start();
  return {
    milliseconds: start,
    clean: () => rm(folder, { recursive: true, force: true }),
  };
};

/** One start of Node with nothing to run. */
export const startBare = (): number => timed(process.execPath, ['-e', '0'], process.env);

const timed = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now();
  execFileSync(command, args, { env, stdio: 'ignore' });
  return performance.now() - started;
};
