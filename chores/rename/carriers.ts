// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Script } from '../../src/chore/script.ts';
import { readModule } from '../../src/code/module-names.ts';
import { resolveIn } from '../../src/code/modules.ts';
import type { ModuleTarget } from '../../src/code/resolver.ts';
import { isComponent, isSource } from '../../src/code/script-of.ts';
import { type CodePlace, tooMany, type WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** Something that takes a name or a whole module out of one, in a file that rules do not change. */
export type Importer = CodePlace & {
  readonly specifier: string;
  readonly target: ModuleTarget;
  readonly isWhole?: true;
};

/** Imports of a name from within component files. */
export function* importersOf(
  compiler: Compiler,
  tree: WorkingTree,
  name: string,
): Script<readonly Importer[]> {
  const importers: Importer[] = [];
  for (const path of (yield* tree.containing(name)).filter(isComponent)) {
    const { wanted } = readModule(compiler, path, yield* tree.read(path));
    for (const one of wanted) {
      if (one.star || one.name !== name) continue;
      const target = yield* resolveIn(compiler, tree, path, one.specifier);
      importers.push({ path, line: one.line, specifier: one.specifier, target });
    }
  }
  return importers;
}

/** Ways in which a module's exports can travel without their names being written. */
const ways: readonly string[] = [
  'import * as',
  'import type * as',
  'export * as',
  ', * as',
  'import(',
  'require(',
  'import.meta.glob',
  'require.context',
];

/** `import('./x').Other`, mostly the type of a comment: takes one name, and says which. */
const takesOne = /\bimport\(\s*(["'`])[^"'`$]+\1\s*\)\s*\.\s*(?!then\b)([\w$]+)/u;

const loads: readonly RegExp[] = [
  /(?:\b(?:import|export)\b.*|^\s*)\*\s*as\s+\S+\s+from\s*(["'])([^"']+)\1/u,
  /\b(?:import|require)\(\s*(["'`])([^"'`$]+)\1/u,
];

/** In code, though perhaps over more lines than one or with a specifier that is worked out. */
const mayLoad =
  /\b(?:import|export)\b[^;'"]*\*\s*as\b|\b(?:import|require)\(|\bimport\.meta\.glob|\brequire\.context/u;

/**
 * Where one of some modules, what hands it on, or what cannot be told is taken as a whole: sources
 * that have to be read for it, and places in component files.
 */
export function* carriersOf(
  compiler: Compiler,
  tree: WorkingTree,
  exporters: ReadonlySet<string>,
  name: string,
): Script<{ readonly sources: readonly string[]; readonly importers: readonly Importer[] }> {
  const { modules, names } = yield* handersOn(compiler, tree, exporters);
  const sources = new Set<string>(modules);
  const withName = yield* tree.containing(name);
  for (const one of names) for (const path of yield* tree.containing(one)) sources.add(path);
  const importers: Importer[] = [];
  for (const way of ways) {
    for (const { path, line, text } of (yield* tree.lines(way)) ?? tooMany(way)) {
      if (!isSource(path) && !isComponent(path)) continue;
      const [, , specifier] = loads.map((form) => form.exec(text)).find((one) => one) ?? [];
      if (specifier === undefined) {
        if (isSource(path) && mayLoad.test(text)) sources.add(path);
        continue;
      }
      const target = yield* resolveIn(compiler, tree, path, specifier);
      if (typeof target === 'object' ? !modules.has(target.path) : target !== 'unknown') continue;
      // A component gives no name that it does not have.
      const component = posix.join(posix.dirname(path), specifier);
      if (isComponent(component) && !withName.includes(component)) continue;
      const [, , taken = name] = takesOne.exec(text) ?? [];
      if (isSource(path)) sources.add(path);
      else if (taken === name) importers.push({ path, line, specifier, target, isWhole: true });
    }
  }
  return { sources: [...sources], importers };
}

/** With the modules that hand on all that one of these exports, and the names that stand for it all. */
function* handersOn(
  compiler: Compiler,
  tree: WorkingTree,
  exporters: ReadonlySet<string>,
): Script<{ readonly modules: ReadonlySet<string>; readonly names: ReadonlySet<string> }> {
  const hands: { readonly path: string; readonly target: string; readonly name?: string }[] = [];
  for (const { path, text } of (yield* tree.lines('export *')) ?? tooMany('export *')) {
    const [, name, , specifier] =
      /\*\s*(?:as\s+(\S+)\s+)?from\s*(["'])([^"']+)\2/u.exec(text) ?? [];
    if (specifier === undefined || !isSource(path)) continue;
    const target = yield* resolveIn(compiler, tree, path, specifier);
    if (typeof target === 'object')
      hands.push({ path, target: target.path, ...(name && { name }) });
  }
  const modules = new Set(exporters);
  const names = new Set<string>();
  // A set grows while it is walked.
  for (const module of modules) {
    for (const { path, target, name } of hands) {
      if (target !== module) continue;
      modules.add(path);
      if (name !== undefined) names.add(name);
    }
  }
  return { modules, names };
}
