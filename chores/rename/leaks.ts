// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { nodesOf, placeOf } from '../../src/code/nodes.ts';
import { wordOf } from '../../src/code/working-tree.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import type { Around } from './around.ts';

type Facts = {
  readonly compiler: Compiler;
  readonly checker: ts.TypeChecker;
  readonly target: Around['target'];
  /** The modules that export what is renamed. */
  readonly exporters: ReadonlySet<string>;
  readonly name: string;
};

/**
 * Where a module that exports the name goes as one value, so that the name can be taken from it in a
 * way that nobody sees; with `anywhere`, also where it cannot be told which module is loaded.
 */
export const leakIn = (
  program: ts.Program,
  facts: Facts,
  { anywhere }: { readonly anywhere: boolean },
): string | undefined => {
  for (const file of program.getSourceFiles()) {
    const modules = namesOfModules(facts, file);
    for (const node of nodesOf(facts.compiler, file)) {
      const leak = facts.compiler.isCallExpression(node)
        ? loadedBy(facts, file, node, anywhere)
        : (passedOn(facts, node, modules) ?? keysOf(facts, file, node));
      if (leak !== undefined) return `${placeOf(file, node)} ${leak}`;
    }
  }
  return undefined;
};

/** The local names of a file that stand for a whole module. */
const namesOfModules = (
  { compiler, checker, exporters }: Facts,
  file: ts.SourceFile,
): ReadonlyMap<string, ts.Symbol> => {
  const names = new Map<string, ts.Symbol>();
  for (const node of nodesOf(compiler, file)) {
    const binds =
      compiler.isNamespaceImport(node) ||
      compiler.isImportSpecifier(node) ||
      compiler.isImportEqualsDeclaration(node);
    const symbol = binds ? checker.getSymbolAtLocation(node.name) : undefined;
    if (!symbol || !binds || !(symbol.flags & compiler.SymbolFlags.Alias)) continue;
    const module = checker.getAliasedSymbol(symbol).valueDeclaration;
    if (module && compiler.isSourceFile(module) && exporters.has(module.fileName)) {
      names.set(node.name.text, symbol);
    }
  }
  return names;
};

const passedOn = (
  { compiler, checker, name }: Facts,
  node: ts.Node,
  modules: ReadonlyMap<string, ts.Symbol>,
): string | undefined => {
  const symbol = compiler.isIdentifier(node) ? modules.get(node.text) : undefined;
  if (!symbol || !compiler.isIdentifier(node)) return undefined;
  const { parent } = node;
  if (compiler.isNamespaceImport(parent) || compiler.isImportEqualsDeclaration(parent)) {
    return undefined;
  }
  if (compiler.isImportSpecifier(parent)) return undefined;
  const meant = compiler.isShorthandPropertyAssignment(parent)
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : compiler.isExportSpecifier(parent)
      ? checker.getExportSpecifierLocalTargetSymbol(parent)
      : checker.getSymbolAtLocation(node);
  if (meant !== symbol) return undefined;
  if (compiler.isQualifiedName(parent) && parent.left === node) return undefined;
  return takesOthers(compiler, node, name, true) ? undefined : 'passes the module on as a value';
};

/** `keyof typeof import('./x')`: texts that are names of the module. */
const keysOf = (
  { compiler, target, exporters }: Facts,
  file: ts.SourceFile,
  node: ts.Node,
): string | undefined => {
  if (!compiler.isTypeOperatorNode(node) || !compiler.isImportTypeNode(node.type)) return undefined;
  const { argument, qualifier } = node.type;
  if (qualifier || !compiler.isLiteralTypeNode(argument)) return undefined;
  if (!compiler.isStringLiteral(argument.literal)) return undefined;
  const leads = target(file.fileName, argument.literal.text);
  const ours = typeof leads === 'object' && exporters.has(leads.path);
  return ours ? 'takes the names of the module as texts' : undefined;
};

/** Whether of a module only names are taken that can be read there; `own`: perhaps this one. */
const takesOthers = (compiler: Compiler, value: ts.Node, name: string, own: boolean): boolean => {
  const { parent } = value;
  if (compiler.isParenthesizedExpression(parent) || compiler.isAwaitExpression(parent)) {
    return takesOthers(compiler, parent, name, own);
  }
  const fine = (text: string): boolean => own || text !== name;
  if (compiler.isPropertyAccessExpression(parent) && parent.expression === value) {
    return fine(parent.name.text) && parent.name.text !== 'then';
  }
  if (compiler.isElementAccessExpression(parent) && parent.expression === value) {
    const { argumentExpression: key } = parent;
    return compiler.isStringLiteralLike(key) && fine(key.text);
  }
  if (compiler.isExpressionStatement(parent)) return true;
  if (!compiler.isVariableDeclaration(parent) || parent.initializer !== value) return false;
  return (
    compiler.isObjectBindingPattern(parent.name) &&
    parent.name.elements.every((one) => {
      const key = one.propertyName ?? one.name;
      return !one.dotDotDotToken && compiler.isIdentifier(key) && fine(key.text);
    })
  );
};

/** `vi.mock('./x', () => ({ name: ... }))`: the names of another module are written here by hand. */
const replacedBy = (
  { compiler, target, exporters, name }: Facts,
  file: ts.SourceFile,
  call: ts.CallExpression,
): string | undefined => {
  const [argument] = call.arguments;
  const [module] =
    argument && compiler.isCallExpression(argument) ? argument.arguments : [argument];
  if (!module || !compiler.isStringLiteralLike(module)) return undefined;
  const leads = target(file.fileName, module.text);
  if (typeof leads === 'string' || !exporters.has(leads.path)) return undefined;
  return wordOf(name).test(call.getText(file)) ? 'puts something else in its place' : undefined;
};

const loadedBy = (
  facts: Facts,
  file: ts.SourceFile,
  call: ts.CallExpression,
  anywhere: boolean,
): string | undefined => {
  const { compiler, target, exporters, name } = facts;
  const callee = call.expression.getText(file);
  const one = callee === 'import' || callee === 'require';
  if (/mock|replace|proxyquire/iu.test(callee)) return replacedBy(facts, file, call);
  if (!one && callee !== 'import.meta.glob' && callee !== 'require.context') return undefined;
  const [argument] = call.arguments;
  if (one && argument && compiler.isStringLiteralLike(argument)) {
    const leads = target(file.fileName, argument.text);
    if (leads === 'foreign' || leads === 'other') return undefined;
    if (leads !== 'unknown' && !exporters.has(leads.path)) return undefined;
    if (leads === 'unknown' && !anywhere) return undefined;
    return takesOthers(compiler, call, name, false) ? undefined : 'loads the module at run time';
  }
  const beginning = /^['"`](\.[^'"`$*{]*)/u.exec(argument?.getText(file) ?? '')?.[1];
  if (beginning === undefined) return anywhere ? 'loads a module at run time' : undefined;
  const path = posix.join(posix.dirname(file.fileName), beginning);
  return [...exporters].some((module) => module.startsWith(path))
    ? 'loads modules at run time, this one perhaps among them'
    : undefined;
};
