// SPDX-License-Identifier: GPL-3.0-only

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
