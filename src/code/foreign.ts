// SPDX-License-Identifier: GPL-3.0-only
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { z } from 'zod';

/**
 * Whether a specifier that leads to no file of the tree names something that is not of it: a module
 * of the platform, an address, or a dependency of a package.json around the importer.
 */
export const isForeign = (
  {
    packages,
    read,
  }: {
    readonly packages: ReadonlyMap<string, readonly string[]>;
    readonly read: (path: string) => string | undefined;
  },
  from: string,
  specifier: string,
): boolean => {
  if (isBuiltin(specifier) || /^(?:bun|npm|jsr|https?):/u.test(specifier)) return true;
  const [, name] = /^((?:@[^/]+\/)?[^./#~@][^/]*)(?:\/|$)/u.exec(specifier) ?? [];
  if (name === undefined || packages.has(name)) return false;
  const types = `@types/${name.replace(/^@(.*)\//u, '$1__')}`;
  for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
    const dependencies = dependenciesIn(read(posix.join(folder, 'package.json')));
    const version = dependencies.get(name) ?? dependencies.get(types);
    if (version !== undefined) return !linked.test(version);
    if (folder === '.') return false;
  }
};

/** From a folder, so perhaps one of the tree under another name. */
const linked = /^(?:workspace|link|file|portal):/u;

const record = z.record(z.string(), z.unknown()).catch({});
const manifestSchema = z
  .object({
    dependencies: record,
    devDependencies: record,
    peerDependencies: record,
    optionalDependencies: record,
  })
  .partial();

/** A manifest that does not parse names nothing. */
const dependenciesIn = (text: string | undefined): ReadonlyMap<string, string> => {
  const parsed = manifestSchema.safeParse(parseJson(text));
  const lists = parsed.success ? Object.values(parsed.data) : [];
  return new Map(
    lists.flatMap((list) =>
      Object.entries(list ?? {}).map(([name, version]) => [name, String(version)] as const),
    ),
  );
};

const parseJson = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

/** The packages of a tree by their names, from the line of each package.json that says it. */
export const packagesByName = (
  lines: Iterable<{ readonly path: string; readonly text: string }>,
): ReadonlyMap<string, readonly string[]> => {
  const folders = new Map<string, readonly string[]>();
  const named = new Set<string>();
  for (const { path, text } of lines) {
    const [, name] = /"name"\s*:\s*"([^"\\]+)"/u.exec(text) ?? [];
    if (name === undefined || named.has(path)) continue;
    named.add(path);
    const folder = posix.dirname(path).replace(/^\.$/u, '');
    folders.set(name, [...(folders.get(name) ?? []), folder]);
  }
  return folders;
};
