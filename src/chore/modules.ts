// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleFile } from '../data/found-modules.ts';
import type { Asked } from '../spec/asked.ts';
import type { Chores } from './chores.ts';
import type { Candidates } from './decide/decision.ts';
import type { Chore } from './read-chore.ts';
import type { ChoreModule } from './schema.ts';

/** What a chore's module exports under its own name; `undefined` where the chore has no such module. */
const loadModule = async (
  chore: Chore,
  name: ChoreModule,
  { own }: Chores,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  const file = moduleFile(chore.files, name);
  if (file === undefined) return undefined;
  if (!chore.ships) return own.load(chore, name, file, signal);
  return (await import(pathToFileURL(join(chore.folder, file)).href))[name];
};

/**
 * The same module of each chore that is asked for, by the chore's name; those without it are left out. What
 * stands for a repository's own stops with `signal`.
 */
export const loadModules = async <Exported>(
  asked: readonly Pick<Asked, 'chore'>[],
  chores: Chores,
  name: ChoreModule,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Exported>> => {
  const modules = new Map<string, Exported>();
  for (const chore of new Set(asked.map(({ chore }) => chore))) {
    const entry = chores.all.get(chore);
    const exported = entry && (await loadModule(entry, name, chores, signal));
    if (exported !== undefined) modules.set(chore, exported as Exported);
  }
  return modules;
};

/** What the first chore asked for that has some offers to decide; only chores that ship do. */
export const loadCandidates = async (
  asked: readonly Pick<Asked, 'chore'>[],
  { all }: Chores,
): Promise<Candidates | undefined> => {
  for (const { chore } of asked) {
    const entry = all.get(chore);
    const file = entry?.ships ? moduleFile(entry.files, 'candidates') : undefined;
    if (!entry || file === undefined) continue;
    return (await import(pathToFileURL(join(entry.folder, file)).href)).candidates;
  }
  return undefined;
};
