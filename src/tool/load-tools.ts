// SPDX-License-Identifier: GPL-3.0-only

import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleFile } from '../data/found-modules.ts';
import { UserError } from '../data/user-error.ts';
import type { Tool } from './tool.ts';

const builtInFolder = import.meta.dirname;
const extensions = new Set(['.ts', '.mts', '.js', '.mjs']);

/**
 * The tools of these names, in order: Pantheon's own, then those in the user's `folders`
 * (`<folder>/<name>.ts`; a folder need not exist). Imports nothing that is not asked for.
 * @throws UserError for an unknown name, a module of the wrong shape, or one that would take the
 * place of another.
 */
export const loadTools = async (
  names: readonly string[],
  folders: readonly string[] = [],
  loadOwn: LoadOwnTool = refuseOwn,
): Promise<readonly Tool[]> => {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UserError(`The tool "${twice}" is listed twice. Remove one of the two.`);
  const modules = (await Promise.all(folders.map(modulesIn))).flat();
  const builtIns = new Set(await readdir(builtInFolder));
  return Promise.all(names.map((name) => loadTool(name, { folders, modules, builtIns, loadOwn })));
};

/** A tool of a repository: its name and module. */
export type OwnTool = { readonly name: string; readonly folder: string; readonly file: string };

/** Opens a tool of a repository; its code is not for the process of a night. */
export type LoadOwnTool = (tool: OwnTool) => Promise<Tool>;

const refuseOwn: LoadOwnTool = async ({ file }) => {
  throw new Error(`nothing was given to run ${file} in`);
};

const modulesIn = async (folder: string): Promise<readonly OwnTool[]> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => extensions.has(extname(name)) && !name.endsWith('.d.ts'))
    .map((name) => ({ name: basename(name, extname(name)), folder, file: join(folder, name) }));
};

const loadTool = async (
  name: string,
  places: {
    readonly folders: readonly string[];
    readonly modules: readonly OwnTool[];
    readonly builtIns: ReadonlySet<string>;
    readonly loadOwn: LoadOwnTool;
  },
): Promise<Tool> => {
  const { folders, modules, builtIns, loadOwn } = places;
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw new UserError(
      `${JSON.stringify(name)} is not a valid name for a tool. Use lower-case letters, digits and "_".`,
    );
  }
  const builtIn = await loadBuiltIn(name, builtIns);
  const [userModule, other] = modules.filter((module) => module.name === name);
  if (userModule && (builtIn || other)) {
    throw new UserError(
      `the tool has the same name as ${other ? other.file : `Pantheon's own tool "${name}"`}. Rename one of the two.`,
      { place: { file: userModule.file } },
    );
  }
  if (builtIn) return builtIn;
  if (userModule) return loadOwn(userModule);
  const looked = ["Pantheon's own", ...folders].join(', ');
  throw new UserError(`The tool "${name}" does not exist; searched: ${looked}. See docs/tools.md.`);
};

const loadBuiltIn = async (
  name: string,
  builtIns: ReadonlySet<string>,
): Promise<Tool | undefined> => {
  const file = moduleFile(builtIns, name.replaceAll('_', '-'));
  if (file === undefined) return undefined;
  const exported: object = await import(pathToFileURL(join(builtInFolder, file)).href);
  return Object.values(exported).find(
    (value) => value?.name === name && typeof value.run === 'function',
  );
};
