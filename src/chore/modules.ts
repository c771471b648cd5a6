// SPDX-License-Identifier: GPL-3.0-only
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lendModules, moduleFile } from '../data/found-modules.ts';
import { installationFolder } from '../data/installation.ts';
import { UserError } from '../data/user-error.ts';
import type { Asked } from '../spec/asked.ts';
import type { Chores } from './chores.ts';
import type { Chore } from './read-chore.ts';

/** The modules a chore may have beside its manifest; each exports a function of the same name. */
export type ChoreModule = 'plan' | 'work' | 'judge' | 'redo' | 'spoil';

const ownModuleUrl = new URL('./pantheon-chore.ts', import.meta.url).href;

/** What a chore's module exports under its own name; `undefined` where the chore has no such module. */
const loadModule = async (chore: Chore, name: ChoreModule): Promise<unknown> => {
  const file = moduleFile(chore.files, name);
  if (file === undefined) return undefined;
  const path = join(chore.folder, file);
  if (!chore.folder.startsWith(join(installationFolder, 'chores', sep))) {
    await lendModules(chore.folder, 'pantheon/chore', ownModuleUrl);
  }
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href);
  if (module[name] !== undefined) return module[name];
  throw new UserError(`exports no "${name}"; see docs/chores.md`, { place: { file: path } });
};

/** The same module of each chore that is asked for, by the chore's name; those without it are left out. */
export const loadModules = async <Exported>(
  asked: readonly Pick<Asked, 'chore'>[],
  { all }: Chores,
  name: ChoreModule,
): Promise<ReadonlyMap<string, Exported>> => {
  const modules = new Map<string, Exported>();
  for (const chore of new Set(asked.map(({ chore }) => chore))) {
    const entry = all.get(chore);
    const exported = entry && (await loadModule(entry, name));
    if (exported !== undefined) modules.set(chore, exported as Exported);
  }
  return modules;
};
