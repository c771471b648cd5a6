// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lendModules, moduleFile } from '../data/found-modules.ts';
import { messageOf } from '../data/message-of.ts';
import type { Asked } from '../spec/asked.ts';
import type { Chores } from './chores.ts';
import { guardOwn, ownFault, watchOwn } from './own-code.ts';
import type { Chore } from './read-chore.ts';
import type { ChoreModule } from './schema.ts';

const ownModuleUrl = new URL('./pantheon-chore.ts', import.meta.url).href;

/** What a chore's module exports under its own name; `undefined` where the chore has no such module. */
const loadModule = async (chore: Chore, name: ChoreModule): Promise<unknown> => {
  const file = moduleFile(chore.files, name);
  if (file === undefined) return undefined;
  const { href } = pathToFileURL(join(chore.folder, file));
  if (chore.ships) return (await import(href))[name];
  await lendModules(chore.folder, 'pantheon/chore', ownModuleUrl);
  watchOwn(chore);
  const module: Readonly<Record<string, unknown>> = await import(href).catch((cause) => {
    throw ownFault(chore, file, `cannot be loaded: ${messageOf(cause)}`, cause);
  });
  return guardOwn(chore, name, file, module[name]);
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
