// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lockfileName, preparedFolder, writtenByTools } from '../boundary/dependencies.ts';
import { removeTree } from '../boundary/read-only-folder.ts';
import { runProcess } from '../boundary/run-process.ts';
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { resolveRepository } from '../workspace/repository.ts';
import { untilInterrupted } from './shared/interrupt.ts';
import { locate } from './shared/state.ts';

export type DepsOptions = {
  /** A folder in the repository. */
  readonly repo: string;
  readonly stateFolder: string;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
};

export type DepsResult = {
  /** From the top of the repository. */
  readonly lockfile: string;
  /** `<state>/deps/<digest>`. */
  readonly folder: string;
  readonly outcome: 'prepared' | 'was prepared already' | 'would be prepared';
};

/** `pantheon deps` */
export const depsCommand = async (args: {
  readonly repo: string;
  readonly dryRun?: true;
}): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  await untilInterrupted('Interrupted; nothing was changed. Run it again.', async (signal) => {
    const results = await deps({
      repo: repository.root,
      stateFolder: state.root,
      signal,
      ...(args.dryRun && { dryRun: true }),
    });
    for (const { lockfile, outcome, folder } of results) {
      process.stdout.write(`${printable(`${lockfile}: ${outcome} (${folder})`)}\n`);
    }
  });
};

const npmTimeoutMs = 30 * 60_000;

/**
 * Installs, by day, what the committed lockfiles name, each under its digest in the state folder,
 * for nights that install nothing. Install scripts never run.
 * @throws UserError where there is no lockfile or npm fails.
 */
export const deps = async (options: DepsOptions): Promise<readonly DepsResult[]> => {
  const { root, head } = await resolveRepository(options.repo);
  const base = await openBaseTree(root, head);
  try {
    const lockfiles = named(base, lockfileName);
    if (lockfiles.length === 0) {
      throw new UserError(
        `has no committed ${lockfileName}; run npm install once and commit the file`,
        { place: { file: options.repo } },
      );
    }
    const results: DepsResult[] = [];
    for (const lockfile of lockfiles) results.push(await prepare(base, lockfile, options));
    return results;
  } finally {
    await base.close();
  }
};

const named = (base: BaseTree, name: string): readonly string[] =>
  [...base.entries]
    .filter(([path, { mode }]) => mode.startsWith('100') && `/${path}`.endsWith(`/${name}`))
    .map(([path]) => path)
    .filter((path) => !`/${path}`.includes('/node_modules/'));

const prepare = async (
  base: BaseTree,
  lockfile: string,
  { stateFolder, dryRun, signal }: DepsOptions,
): Promise<DepsResult> => {
  const entry = base.entries.get(lockfile);
  if (!entry) throw new Error(`${lockfile} is not in ${base.commit}`);
  const folder = preparedFolder(stateFolder, await base.read(entry.oid));
  const done = (outcome: DepsResult['outcome']): DepsResult => ({ lockfile, folder, outcome });
  if (existsSync(folder)) return done('was prepared already');
  if (dryRun) return done('would be prepared');
  // Beside its goal, so that the move is one rename and a half installation is never taken for one.
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(join(dirname(folder), '.preparing-'));
  try {
    await writeManifests(base, lockfile, temporary);
    await install(temporary, lockfile, signal);
    for (const name of writtenByTools)
      await mkdir(join(temporary, 'node_modules', name), { recursive: true });
    await rename(temporary, folder).catch((cause) => {
      if (!existsSync(folder)) throw cause;
    });
    return done('prepared');
  } finally {
    await removeTree(temporary);
  }
};

/** The lockfile and the manifests of its package and workspaces: all that `npm ci` reads. */
const writeManifests = async (base: BaseTree, lockfile: string, folder: string): Promise<void> => {
  const top = lockfile.slice(0, -lockfileName.length);
  const manifests = named(base, 'package.json').filter((path) => path.startsWith(top));
  if (!manifests.includes(`${top}package.json`)) {
    throw new UserError('has no package.json beside it; commit both', {
      place: { file: lockfile },
    });
  }
  for (const path of [lockfile, ...manifests]) {
    const entry = base.entries.get(path);
    const place = join(folder, path.slice(top.length));
    await mkdir(dirname(place), { recursive: true });
    if (entry) await writeFile(place, await base.read(entry.oid));
  }
};

const install = async (
  cwd: string,
  lockfile: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { code, stderr, stdout, timedOut } = await runProcess({
    file: 'npm',
    args: ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'],
    cwd,
    env: process.env,
    timeoutMs: npmTimeoutMs,
    signal,
    group: true,
  }).catch((cause: unknown) => {
    throw new UserError('npm could not be started; install npm or put it into PATH', { cause });
  });
  signal?.throwIfAborted();
  if (code === 0) return;
  const words = timedOut
    ? `still running after ${npmTimeoutMs / 60_000} minutes`
    : lastWords(stderr || stdout);
  throw new UserError(`npm ci failed: ${words}; make "npm ci" pass in the checkout first`, {
    place: { file: lockfile },
  });
};

/** npm's error lines without its prefix and without the path of its log. */
const lastWords = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^npm (?:error|ERR!) /.test(line) && !line.includes('complete log'))
    .map((line) => line.replace(/^npm (?:error|ERR!) (?:code )?/, '').trim())
    .slice(0, 3)
    .join(' ') || text.trim().slice(-300);
