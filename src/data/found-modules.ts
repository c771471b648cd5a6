// SPDX-License-Identifier: GPL-3.0-only
import { realpath } from 'node:fs/promises';
import * as module from 'node:module';
import { extname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/* Modules that are found by name at run time. */

/**
 * The module called `name` among the names of a folder's files: its TypeScript, or the JavaScript
 * that a package has in its place. For modules that are found by name; imports are rewritten when
 * the package is made.
 */
export const moduleFile = (
  names: Pick<ReadonlySet<string>, 'has'>,
  name: string,
): string | undefined => [`${name}.ts`, `${name}.js`].find((file) => names.has(file));

/** The name of a module by its file, without `.ts` or `.js`; nothing for any other file. */
export const moduleName = (file: string): string | undefined => /^(.+)\.[jt]s$/.exec(file)?.[1];

const ownUrl = import.meta.url;

/** Real paths of the folders that modules are lent to. */
const borrowers = new Set<string>();

/** URLs by the name that a borrowing module imports them by. */
const lent = new Map<string, string>();

/**
 * Lets the modules of a folder import `zod` and a module of Pantheon by a name (`pantheon/tool`); they
 * are ES modules whatever the nearest package.json says. Hooks apply to the whole process: they act on
 * such folders alone.
 */
export const lendModules = async (folder: string, name: string, url: string): Promise<void> => {
  const first = borrowers.size === 0;
  borrowers.add(`${await realpath(folder)}${sep}`);
  lent.set(name, url);
  if (!first) return;
  module.registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (isBorrower(context.parentURL)) {
        if (specifier === 'zod') return nextResolve(specifier, { ...context, parentURL: ownUrl });
        const own = lent.get(specifier);
        if (own !== undefined) return { url: own, shortCircuit: true };
      }
      const resolved = nextResolve(specifier, context);
      const format = isBorrower(resolved.url) ? formatOf(resolved.url) : undefined;
      return format ? { ...resolved, format } : resolved;
    },
  });
};

const formatOf = (url: string): string | undefined => {
  const { pathname } = new URL(url);
  if (pathname.includes('/node_modules/')) return undefined;
  return { '.ts': 'module-typescript', '.mts': 'module-typescript', '.js': 'module' }[
    extname(pathname)
  ];
};

const isBorrower = (url: string | undefined): boolean => {
  if (!url?.startsWith('file:')) return false;
  const path = fileURLToPath(url);
  return [...borrowers].some((folder) => path.startsWith(folder));
};
