// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Compiler } from './module-names.ts';

type ReadText = (path: string) => Promise<string | undefined>;
type Table = Readonly<Record<string, unknown>>;

/** Where the specifiers that are not paths may lead, in order: places from the top of the tree. */
export type Aliases = (from: string, specifier: string) => Promise<readonly string[]>;

/** Configurations that extend one another are followed this far. */
const maxExtends = 8;

/**
 * The aliases of a tree: `paths` and `baseUrl` of the nearest tsconfig.json or jsconfig.json, and
 * `imports` of the nearest package.json (Node's "Subpath imports").
 */
export const openAliases = (compiler: Compiler, text: ReadText): Aliases => {
  const configs = new Map<string, Promise<Table | undefined>>();
  const table = (path: string): Promise<Table | undefined> => {
    const cached = configs.get(path);
    if (cached) return cached;
    const made = text(path).then((content) =>
      content === undefined
        ? undefined
        : asTable(compiler.parseConfigFileTextToJson(path, content).config),
    );
    configs.set(path, made);
    return made;
  };

  const nearest = async (from: string, names: readonly string[]) => {
    for (const folder of foldersUp(posix.dirname(from))) {
      for (const name of names) {
        const path = posix.join(folder, name);
        const config = await table(path);
        if (config) return { path, config };
      }
    }
    return undefined;
  };

  /** `paths` and `baseUrl` with the folder that they count from; what extends goes before what is extended. */
  const mapping = async (path: string, depth = maxExtends): Promise<Mapping> => {
    const config = (await table(path)) ?? {};
    const folder = posix.dirname(path);
    const { paths, baseUrl } = asTable(config.compilerOptions) ?? {};
    const base = typeof baseUrl === 'string' ? posix.join(folder, baseUrl) : undefined;
    const direct: Mapping = {
      ...(base !== undefined && { base }),
      ...(asTable(paths) && { paths: asTable(paths) ?? {}, folder: base ?? folder }),
    };
    let all = direct;
    for (const parent of [config.extends].flat().reverse()) {
      if (depth === 0 || typeof parent !== 'string' || !parent.startsWith('.')) continue;
      const target = posix.join(folder, parent);
      const above = await mapping(target.endsWith('.json') ? target : `${target}.json`, depth - 1);
      all = { ...above, ...all };
    }
    return all;
  };

  return async (from, specifier) => {
    if (specifier.startsWith('#')) {
      const home = await nearest(from, ['package.json']);
      const imports = asTable(home?.config.imports);
      if (!home || !imports) return [];
      return targets(imports, specifier).map((to) => posix.join(posix.dirname(home.path), to));
    }
    const home = await nearest(from, ['tsconfig.json', 'jsconfig.json']);
    if (!home) return [];
    const { paths = {}, folder = '.', base } = await mapping(home.path);
    return [
      ...targets(paths, specifier).map((to) => posix.join(folder, to)),
      ...(base === undefined ? [] : [posix.join(base, specifier)]),
    ].filter((path) => !path.startsWith('..'));
  };
};

type Mapping = { readonly base?: string; readonly paths?: Table; readonly folder?: string };

const asTable = (value: unknown): Table | undefined =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Table)
    : undefined;

const foldersUp = (folder: string): readonly string[] =>
  folder === '.' ? ['.'] : [folder, ...foldersUp(posix.dirname(folder))];

/** What a table of patterns makes of a specifier: the exact one, else that with the longest beginning. */
const targets = (patterns: Table, specifier: string): readonly string[] => {
  if (Object.hasOwn(patterns, specifier)) return texts(patterns[specifier]);
  const [best] = Object.keys(patterns)
    .flatMap((pattern) => {
      const [start = '', end, ...more] = pattern.split('*');
      const fits =
        end !== undefined &&
        more.length === 0 &&
        specifier.length >= start.length + end.length &&
        specifier.startsWith(start) &&
        specifier.endsWith(end);
      return fits ? [{ pattern, start, end }] : [];
    })
    .sort((a, b) => b.start.length - a.start.length);
  if (!best) return [];
  const rest = specifier.slice(best.start.length, specifier.length - best.end.length);
  return texts(patterns[best.pattern]).map((text) => text.replaceAll('*', () => rest));
};

/** Every text in lists and conditions, in order. */
const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(texts);
};
