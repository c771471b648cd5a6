// SPDX-License-Identifier: GPL-3.0-only

import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { lendModules, moduleFile } from '../data/found-modules.ts';
import { messageOf } from '../data/message-of.ts';
import { UserError } from '../data/user-error.ts';
import { argsJsonSchema } from './args-schema.ts';
import type { Tool } from './tool.ts';

const builtInFolder = import.meta.dirname;
const toolModuleUrl = new URL('./tool.ts', import.meta.url).href;
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
): Promise<readonly Tool[]> => {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UserError(`The tool "${twice}" is listed twice. Remove one of the two.`);
  const modules = (await Promise.all(folders.map(modulesIn))).flat();
  const builtIns = new Set(await readdir(builtInFolder));
  return Promise.all(names.map((name) => loadTool(name, { folders, modules, builtIns })));
};

type UserModule = { readonly name: string; readonly folder: string; readonly file: string };

const modulesIn = async (folder: string): Promise<readonly UserModule[]> => {
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
    readonly modules: readonly UserModule[];
    readonly builtIns: ReadonlySet<string>;
  },
): Promise<Tool> => {
  const { folders, modules, builtIns } = places;
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
  if (userModule) return loadUserTool(userModule);
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

const loadUserTool = async ({ name, folder, file }: UserModule): Promise<Tool> => {
  await lendModules(folder, 'pantheon/tool', toolModuleUrl);
  const loaded: Record<string, unknown> = await import(pathToFileURL(resolve(file)).href).catch(
    (cause) => {
      const message = `the module cannot be loaded: ${messageOf(cause)}`;
      throw new UserError(message, { place: { file }, cause });
    },
  );
  const exported = z.record(z.string(), z.unknown()).safeParse(loaded.tool ?? loaded.default);
  const parsed = userToolSchema.safeParse(exported.success ? exported.data : { ...loaded });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${issue?.path.join('./')}: ${issue?.message}. See docs/tools.md.`, {
      place: { file },
    });
  }
  const { description, args, result, run, touches } = parsed.data;
  const tool: Tool = { name, description, args, result, run, touches };
  argsJsonSchema(tool);
  return tool;
};

const functionOf = <F>() =>
  z.custom<F>((value) => typeof value === 'function', 'must be a function');
const zodSchema = z.custom<z.ZodType>(
  (value) => value instanceof z.ZodType,
  "must be a zod schema: import { z } from 'zod'",
);

/** What a user's module exports, by itself or as `tool` or default export. */
const userToolSchema = z.object({
  description: z.string('must say in words what the tool does').min(1),
  args: zodSchema.refine((args) => args instanceof z.ZodObject, 'must be a z.strictObject'),
  result: zodSchema,
  run: functionOf<Tool['run']>(),
  touches: functionOf<Tool['touches']>().default(() => () => ({})),
});
