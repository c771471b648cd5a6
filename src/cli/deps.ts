// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import {
  lockfileIn,
  lockfileNames,
  preparedFolder,
  writtenByTools,
} from '../boundary/dependencies.ts';
import { removeTree } from '../boundary/read-only-folder.ts';
import { printable } from '../data/printable.ts';
import { UserError } from '../data/user-error.ts';
import { type BaseTree, openBaseTree } from '../workspace/base-tree.ts';
import { resolveRepository } from '../workspace/repository.ts';
import { findStart, installPackages, managerOf, type PackageManager } from './package-managers.ts';
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
  /** Who installs it. */
  readonly by: PackageManager['name'];
  readonly outcome:
    | 'prepared'
    | 'was prepared already'
    | 'would be prepared'
    | 'cannot be prepared';
  /** What it lacks. */
  readonly advice?: string;
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
    for (const { lockfile, outcome, by, advice, folder } of results) {
      const whom = outcome === 'was prepared already' ? '' : ` by ${by}`;
      const rest = advice === undefined ? ` (${folder})` : `; ${advice}`;
      process.stdout.write(`${printable(`${lockfile}: ${outcome}${whom}${rest}`)}\n`);
    }
  });
};

/**
 * Installs, by day, what the committed lockfiles name, each under its digest in the state folder,
 * for nights that install nothing. Install scripts never run.
 * @throws UserError where there is no lockfile or its package manager fails.
 */
export const deps = async (options: DepsOptions): Promise<readonly DepsResult[]> => {
  const { root, head } = await resolveRepository(options.repo);
  const base = await openBaseTree(root, head);
  try {
    const lockfiles = lockfileNames
      .flatMap((name) => named(base, name))
      .filter((path) => lockfileIn(base, folderOf(path)) === path)
      .sort();
    if (lockfiles.length === 0) {
      throw new UserError(
        `has no committed ${lockfileNames.join(', ')}; run npm install once and commit the file`,
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
  const bytes = await base.read(entry.oid);
  const folder = preparedFolder(stateFolder, bytes);
  const manager = managerOf(lockfile, new TextDecoder().decode(bytes));
  const done = (outcome: DepsResult['outcome']): DepsResult => ({
    lockfile,
    folder,
    by: manager.name,
    outcome,
  });
  if (existsSync(folder)) return done('was prepared already');
  if (dryRun) {
    const starts = await findStart(manager, tmpdir(), signal);
    return starts
      ? done('would be prepared')
      : { ...done('cannot be prepared'), advice: manager.advice };
  }
  // Beside its goal, so that the move is one rename and a half installation is never taken for one.
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(join(dirname(folder), '.preparing-'));
  try {
    const folders = await writeManifests(base, lockfile, manager, temporary);
    await installPackages(manager, { cwd: temporary, lockfile, signal });
    const modules = folders
      .map((name) => join(temporary, name, 'node_modules'))
      .filter((place, index) => index === 0 || existsSync(place));
    for (const place of modules)
      for (const name of writtenByTools) await mkdir(join(place, name), { recursive: true });
    await rename(temporary, folder).catch((cause) => {
      if (!existsSync(folder)) throw cause;
    });
    return done('prepared');
  } finally {
    await removeTree(temporary);
  }
};

/**
 * The lockfile and the manifests of its package and workspaces: all that an installation reads. Gives the
 * folders of these packages, the lockfile's own first.
 */
const writeManifests = async (
  base: BaseTree,
  lockfile: string,
  { also }: PackageManager,
  folder: string,
): Promise<readonly string[]> => {
  const top = lockfile.slice(0, -basename(lockfile).length);
  const manifests = named(base, 'package.json').filter((path) => path.startsWith(top));
  if (!manifests.includes(`${top}package.json`)) {
    throw new UserError('has no package.json beside it; commit both', {
      place: { file: lockfile },
    });
  }
  for (const path of [lockfile, ...also.map((name) => `${top}${name}`), ...manifests]) {
    const entry = base.entries.get(path);
    const place = join(folder, path.slice(top.length));
    await mkdir(dirname(place), { recursive: true });
    if (entry) await writeFile(place, await base.read(entry.oid));
  }
  const folders = manifests.map((path) => folderOf(path.slice(top.length)));
  return folders.sort((a, b) => a.length - b.length);
};

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
