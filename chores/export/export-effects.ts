// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined, type Script } from '../../src/chore/script.ts';
import { exportsOf, starsOf } from '../../src/code/exports-of.ts';
import { findModule } from '../../src/code/modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { declarationsOf, parseSource } from '../../src/code/syntax.ts';
import type { WorkingTree } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/*
 * What an export more does beside being there: it runs the module that it is taken from, it is missing in
 * types written by hand, and of two names that meet through `export *` neither is left.
 */

/** @throws Declined where an index would run a module that does things when it is imported. */
export function* refuseRunning(
  compiler: Compiler,
  tree: WorkingTree,
  index: ts.SourceFile,
  module: ts.SourceFile,
): Script<void> {
  const acts = actingStatement(compiler, module);
  if (!acts) return;
  const loaded = new Set(yield* loadedBy(compiler, tree, index));
  // A set grows while it is walked: what a barrel hands on whole runs with it.
  for (const path of loaded) {
    if (path === module.fileName) return;
    const barrel = parseSource(compiler, path, yield* tree.read(path));
    for (const star of yield* loadedBy(compiler, tree, barrel, isStar)) loaded.add(star);
  }
  const line = module.getLineAndCharacterOfPosition(acts.getStart(module)).line + 1;
  throw new Declined(
    `${module.fileName}:${line} runs code when it is imported, and whoever imports ${index.fileName} would run it; move that code into a module of its own`,
  );
}

type Loading = ts.ImportDeclaration | ts.ExportDeclaration;

const isStar = (statement: Loading): boolean =>
  'isTypeOnly' in statement && statement.exportClause === undefined;

/** The modules that a module's imports and exports lead to, types aside. */
function* loadedBy(
  compiler: Compiler,
  tree: WorkingTree,
  { fileName, statements }: ts.SourceFile,
  isMeant: (statement: Loading) => boolean = () => true,
): Script<readonly string[]> {
  const paths: string[] = [];
  for (const one of statements) {
    if (!compiler.isImportDeclaration(one) && !compiler.isExportDeclaration(one)) continue;
    if (isTypeOnly(compiler, one) || !one.moduleSpecifier || !isMeant(one)) continue;
    if (!compiler.isStringLiteral(one.moduleSpecifier)) continue;
    const path = yield* findModule(compiler, tree, fileName, one.moduleSpecifier.text);
    if (path !== undefined) paths.push(path);
  }
  return paths;
}

const isTypeOnly = (compiler: Compiler, statement: Loading): boolean =>
  compiler.isImportDeclaration(statement)
    ? statement.importClause?.isTypeOnly === true
    : statement.isTypeOnly;

/** A statement at the top that does more than to declare; what a declared name is given belongs to it. */
const actingStatement = (compiler: Compiler, module: ts.SourceFile): ts.Statement | undefined => {
  const names = new Set(declarationsOf(compiler, module).map(({ name }) => name));
  return module.statements.find((one) => {
    if (!compiler.isExpressionStatement(one)) {
      return (
        compiler.isIfStatement(one) ||
        compiler.isTryStatement(one) ||
        compiler.isSwitchStatement(one) ||
        compiler.isBlock(one) ||
        compiler.isIterationStatement(one, false)
      );
    }
    const { expression } = one;
    if (compiler.isStringLiteral(expression)) return false;
    const isGiven =
      compiler.isBinaryExpression(expression) &&
      compiler.isPropertyAccessExpression(expression.left) &&
      compiler.isIdentifier(expression.left.expression) &&
      names.has(expression.left.expression.text);
    return !isGiven;
  });
};

/** @throws Declined where a script has types beside it that do not have the name. */
export function* refuseUntyped(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  name: string,
): Script<void> {
  const types = path.replace(/\.([cm]?)jsx?$/u, '.d.$1ts');
  if (types === path || !(yield* tree.files()).includes(types)) return;
  if ((yield* exportsOf(compiler, tree, types)).has(name)) return;
  throw new Declined(
    `${types} has the types of ${path}, and none of \`${name}\`; declare it there first`,
  );
}

/**
 * `path` is to export a name that `from` declares. @throws Declined where a module that takes over all
 * names of `path` has another of this name that way.
 */
export function* refuseMeeting(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  name: string,
  from: string,
  visited: ReadonlySet<string> = new Set(),
): Script<void> {
  const seen = new Set([...visited, path]);
  const hits = yield* tree.lines('export *');
  const others = new Set(hits?.map((hit) => hit.path) ?? (yield* tree.files()));
  for (const other of [...others].filter((one) => isSource(one) && !seen.has(one))) {
    const { stars, named } = yield* starsOf(compiler, tree, other);
    if (!stars.includes(path) || named.has(name)) continue;
    for (const star of stars) {
      const origin = star === path ? undefined : (yield* exportsOf(compiler, tree, star)).get(name);
      if (origin === undefined || origin === from) continue;
      throw new Declined(
        `${other} takes over \`${name}\` of ${origin} by \`export *\`, and would have neither once ${path} exports one too`,
      );
    }
    yield* refuseMeeting(compiler, tree, other, name, from, seen);
  }
}
