// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Script } from '../../../src/chore/script.ts';
import { readModule } from '../../../src/code/module-names.ts';
import type { TreeModules } from '../../../src/code/patch-modules.ts';
import { isComponent, isSource } from '../../../src/code/script-of.ts';
import type { SearchLine } from '../../../src/code/working-tree.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { startOf, type World } from './world.ts';

type Reading = {
  readonly compiler: Compiler;
  readonly modules: TreeModules;
  readonly read: (path: string) => Script<string | undefined>;
  /** The side on which the thing still has its old name. */
  readonly world: World;
  /** It is a type, which no value of a module has. */
  readonly isType: boolean;
};

/** The modules that export the renamed thing by its name, and names by which others export such a module. */
type Exporters = { readonly paths: ReadonlySet<string>; readonly spaces: ReadonlySet<string> };

const specifierIn = /\bfrom\s*(["'])([^"']+)\1|\b(?:import|require)\(\s*(["'`])([^"'`$]+)\3/u;

const specifierOf = (line: string): string | undefined => {
  const match = specifierIn.exec(line);
  return match?.[2] ?? match?.[4];
};

/** Ways in which all names of a module are handed on, or taken, without one being written. */
const ways = ['* as ', 'import(', 'require(', 'import.meta.glob', 'require.context'] as const;

/**
 * Where a module that exports the renamed thing is taken as a whole: sources to be looked at, and what
 * forbids the rename as it is.
 */
export function* spreadOf(
  reading: Reading,
  start: readonly string[],
): Script<{
  readonly exporters: Exporters;
  readonly sources: readonly string[];
  readonly findings: readonly string[];
}> {
  const exporters = yield* exportersOf(reading, start);
  const sources = new Set<string>();
  const findings: string[] = [];
  if (exporters.paths.size === 0) return { exporters, sources: [], findings };
  const spaced: SearchLine[] = [];
  for (const name of exporters.spaces) spaced.push(...(yield* reading.modules.lines(name)));
  for (const { path } of spaced) if (isSource(path)) sources.add(path);
  for (const way of ways) {
    for (const line of yield* reading.modules.lines(way)) {
      const { path } = line;
      if (!isSource(path) && !isComponent(path)) continue;
      const beginning = startOf(path, line.text);
      if (
        !reading.isType &&
        beginning !== undefined &&
        [...exporters.paths].some((one) => one.startsWith(beginning))
      ) {
        findings.push(
          `${path}:${line.line}: loads modules at run time, the renamed one perhaps too`,
        );
      }
      const leads = yield* leadsTo(reading, exporters, line);
      if (leads === false) continue;
      if (isSource(path)) sources.add(path);
      else if (!isOfAnother(line.text, reading.world.word))
        findings.push(`${path}:${line.line}: takes the module as a whole, and is no source`);
    }
  }
  return { exporters, sources: [...sources], findings };
}

/** Whether what a line loads gives nothing but one name, and not this one. */
const isOfAnother = (line: string, word: string): boolean => {
  const name = /import\([^()]*\)\s*\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(line)?.[1];
  return name !== undefined && name !== 'then' && name !== word;
};

/** Whether a line takes one of the exporters; one that cannot be told counts where no source shows more. */
function* leadsTo(
  { modules, world: { word } }: Reading,
  { paths }: Exporters,
  { path, text }: SearchLine,
): Script<boolean> {
  const specifier = specifierOf(text);
  if (specifier === undefined)
    return isSource(path) && /(?:\bimport|\brequire)\(\s*$|\*\s*as\b/u.test(text);
  const target = yield* modules.resolve(path, specifier);
  if (target === 'unknown') {
    const other = posix.join(posix.dirname(path), specifier);
    const isBare =
      isComponent(other) && !(yield* modules.lines(word)).some((one) => one.path === other);
    return isComponent(path) && !isBare;
  }
  return typeof target === 'object' && paths.has(target.path);
}

function* exportersOf({ modules, world }: Reading, start: readonly string[]): Script<Exporters> {
  const paths = new Set<string>();
  const spaces = new Set<string>();
  for (const path of start) if ((yield* world.exportsTarget(path)) === true) paths.add(path);
  if (paths.size === 0) return { paths, spaces };
  const hands: { readonly path: string; readonly target: string; readonly space?: string }[] = [];
  for (const { path, text } of yield* modules.lines('export *')) {
    const specifier = specifierOf(text);
    if (specifier === undefined || !isSource(path)) continue;
    const target = yield* modules.resolve(path, specifier);
    const [, space] = /export\s*(?:type\s*)?\*\s*as\s+([\w$]+)/u.exec(text) ?? [];
    if (typeof target === 'object') {
      hands.push({ path, target: target.path, ...(space !== undefined && { space }) });
    }
  }
  // A set grows while it is walked.
  for (const module of paths) {
    for (const { path, target, space } of hands) {
      if (target !== module) continue;
      if (space === undefined) paths.add(path);
      else spaces.add(space);
    }
  }
  return { paths, spaces };
}

/** Files that are no sources and import the old name, from the module or from where it cannot be told. */
export function* importersLeft(
  { compiler, modules, read, world }: Reading,
  exporters: ReadonlySet<string>,
  paths: readonly string[],
): Script<readonly string[]> {
  const findings: string[] = [];
  if (exporters.size === 0) return findings;
  for (const path of paths.filter(isComponent)) {
    const { wanted } = readModule(compiler, path, (yield* read(path)) ?? '');
    for (const { name, specifier, line, star } of wanted) {
      if (star || name !== world.word) continue;
      const target = yield* modules.resolve(path, specifier);
      if (typeof target === 'object' ? exporters.has(target.path) : target === 'unknown') {
        findings.push(`${path}:${line}: imports \`${name}\` from "${specifier}"`);
      }
    }
  }
  return findings;
}
