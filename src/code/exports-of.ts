// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../chore/script.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { findModule } from './modules.ts';
import { declarationsOf, parseSource } from './syntax.ts';
import type { WorkingTree } from './working-tree.ts';

/**
 * The names a module exports with the module that declares each, followed through
 * `export ... from`; a name from a package of others has the specifier for its place.
 */
export function* exportsOf(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  visited: ReadonlySet<string> = new Set(),
): Script<ReadonlyMap<string, string>> {
  if (visited.has(path)) return new Map();
  const seen = new Set([...visited, path]);
  const { stars, named } = yield* starsOf(compiler, tree, path, seen);
  const origins = new Map(named);
  for (const star of stars) {
    for (const [name, origin] of yield* exportsOf(compiler, tree, star, seen)) {
      if (!origins.has(name) && name !== 'default') origins.set(name, origin);
    }
  }
  return origins;
}

/** The modules of which a module takes over all names, and the names it exports by saying them. */
export function* starsOf(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  seen: ReadonlySet<string> = new Set([path]),
): Script<{ readonly stars: readonly string[]; readonly named: ReadonlyMap<string, string> }> {
  const named = new Map<string, string>();
  const file = parseSource(compiler, path, yield* tree.read(path));
  for (const declared of declarationsOf(compiler, file)) {
    if (declared.exported === 'named') named.set(declared.name, path);
  }
  const stars: string[] = [];
  for (const statement of file.statements.filter(compiler.isExportDeclaration)) {
    const specifier = specifierOf(compiler, statement);
    const target =
      specifier === undefined ? undefined : yield* findModule(compiler, tree, path, specifier);
    const clause = statement.exportClause;
    if (!clause) {
      if (target) stars.push(target);
    } else if (compiler.isNamedExports(clause)) {
      for (const { name, propertyName } of clause.elements) {
        if (named.has(name.text)) continue;
        const inner = (propertyName ?? name).text;
        const origin = target && (yield* exportsOf(compiler, tree, target, seen)).get(inner);
        named.set(name.text, origin ?? target ?? specifier ?? path);
      }
    } else {
      named.set(clause.name.text, target ?? specifier ?? path);
    }
  }
  return { stars, named };
}

const specifierOf = (compiler: Compiler, statement: ts.ExportDeclaration): string | undefined =>
  statement.moduleSpecifier && compiler.isStringLiteral(statement.moduleSpecifier)
    ? statement.moduleSpecifier.text
    : undefined;
