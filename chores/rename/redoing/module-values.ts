// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { nodesOf } from '../../../src/code/nodes.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import type { Sources } from './service.ts';

type Facts = {
  readonly compiler: Compiler;
  readonly program: ts.Program;
  readonly target: Sources['target'];
  readonly exporters: ReadonlySet<string>;
  readonly homes: readonly string[];
  readonly word: string;
  /** Nothing but types has this name: a value of the module cannot give it away. */
  readonly onlyTypes: boolean;
};

/** The files of a program that export, under its name, what one of these files declares. */
export const exportersIn = (
  compiler: Compiler,
  program: ts.Program,
  homes: readonly string[],
  word: string,
): ReadonlySet<string> => {
  const checker = program.getTypeChecker();
  const isDeclaredAtHome = (symbol: ts.Symbol): boolean => {
    const real =
      symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return (
      real.name !== 'unknown' &&
      (real.declarations ?? []).some((one) => homes.includes(one.getSourceFile().fileName)) &&
      (real.name === word || real.name === 'default')
    );
  };
  const paths = program.getSourceFiles().flatMap((file) => {
    const module = checker.getSymbolAtLocation(file);
    const exported = module && checker.getExportsOfModule(module).find(({ name }) => name === word);
    return exported && isDeclaredAtHome(exported) ? [file.fileName] : [];
  });
  return new Set(paths);
};

/** Where a module that has the name is a value of its own, or comes by a way the compiler does not follow. */
export const valuesOfModules = (facts: Facts): readonly string[] => {
  if (facts.exporters.size === 0) return [];
  return facts.program.getSourceFiles().flatMap((file) => {
    const findings: string[] = [];
    for (const node of nodesOf(facts.compiler, file)) {
      const finding = escaping(facts, file, node);
      if (finding === undefined) continue;
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      findings.push(`${file.fileName}:${line + 1}: ${finding}`);
    }
    return findings;
  });
};

const escaping = (facts: Facts, file: ts.SourceFile, node: ts.Node): string | undefined => {
  const { compiler, program, target, exporters, word, onlyTypes } = facts;
  const checker = program.getTypeChecker();
  if (compiler.isCallExpression(node)) {
    return onlyTypes ? undefined : calledWith(facts, file, node);
  }
  if (compiler.isImportSpecifier(node) || compiler.isExportSpecifier(node)) {
    return unfollowed(facts, file, node);
  }
  if (compiler.isImportTypeNode(node)) {
    const literal = compiler.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    const text = literal && compiler.isStringLiteral(literal) ? literal.text : undefined;
    const leads = text === undefined ? 'unknown' : target(file.fileName, text);
    if (node.qualifier) {
      const first = firstOf(compiler, node.qualifier);
      return leads === 'unknown' && first === word
        ? `cannot tell whose \`${word}\` this is`
        : undefined;
    }
    return !onlyTypes && typeof leads === 'object' && exporters.has(leads.path)
      ? 'takes the names of the module as a type'
      : undefined;
  }
  if (compiler.isModuleDeclaration(node) && compiler.isStringLiteral(node.name)) {
    return addedTo(facts, file, node);
  }
  if (onlyTypes) return undefined;
  if (!compiler.isIdentifier(node) && !compiler.isAwaitExpression(node)) return undefined;
  if (compiler.findAncestor(node, compiler.isJSDoc)) return undefined;
  const module = compiler.isIdentifier(node)
    ? moduleBehind(compiler, checker, node)
    : checker.getTypeAtLocation(node).symbol;
  const path = module?.valueDeclaration?.getSourceFile().fileName;
  const isModule = module?.valueDeclaration && compiler.isSourceFile(module.valueDeclaration);
  if (isModule && path !== undefined && exporters.has(path)) {
    return isRead(compiler, node) ? undefined : 'the module is passed on as a value';
  }
  return undefined;
};

const firstOf = (compiler: Compiler, name: ts.EntityName): string =>
  compiler.isIdentifier(name) ? name.text : firstOf(compiler, name.left);

/** The module that a name stands for; none for the name of a member or where it is declared. */
const moduleBehind = (
  compiler: Compiler,
  checker: ts.TypeChecker,
  node: ts.Identifier,
): ts.Symbol | undefined => {
  const { parent } = node;
  if (compiler.isPropertyAccessExpression(parent) && parent.name === node) return undefined;
  if (compiler.isQualifiedName(parent) && parent.right === node) return undefined;
  if ((parent as { readonly name?: ts.Node }).name === node) {
    if (!compiler.isShorthandPropertyAssignment(parent) && !compiler.isExportSpecifier(parent)) {
      return undefined;
    }
  }
  const symbol = compiler.isShorthandPropertyAssignment(parent)
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : compiler.isExportSpecifier(parent)
      ? checker.getExportSpecifierLocalTargetSymbol(parent)
      : checker.getSymbolAtLocation(node);
  if (!symbol) return undefined;
  if (symbol.flags & compiler.SymbolFlags.Alias) return checker.getAliasedSymbol(symbol);
  const [declaration] = symbol.declarations ?? [];
  const isVariable =
    declaration &&
    (compiler.isVariableDeclaration(declaration) || compiler.isParameter(declaration));
  return isVariable ? checker.getTypeOfSymbolAtLocation(symbol, node).symbol : undefined;
};

/** Whether only names are taken from a value that can be read there. */
const isRead = (compiler: Compiler, value: ts.Node): boolean => {
  const { parent } = value;
  if (compiler.isParenthesizedExpression(parent) || compiler.isNonNullExpression(parent)) {
    return isRead(compiler, parent);
  }
  if (compiler.isPropertyAccessExpression(parent)) return parent.expression === value;
  if (compiler.isQualifiedName(parent)) return parent.left === value;
  if (compiler.isElementAccessExpression(parent)) {
    return parent.expression === value && compiler.isStringLiteralLike(parent.argumentExpression);
  }
  if (compiler.isExpressionStatement(parent) || compiler.isImportSpecifier(parent)) return true;
  if (!compiler.isVariableDeclaration(parent) || parent.initializer !== value) return false;
  if (compiler.isIdentifier(parent.name)) {
    return (parent.parent.flags & compiler.NodeFlags.Const) !== 0;
  }
  return parent.name.elements.every(
    (one) =>
      compiler.isBindingElement(one) &&
      !one.dotDotDotToken &&
      (!one.propertyName || !compiler.isComputedPropertyName(one.propertyName)),
  );
};

const calledWith = (
  { compiler, target, exporters, word }: Facts,
  file: ts.SourceFile,
  call: ts.CallExpression,
): string | undefined => {
  const [argument] = call.arguments;
  const [module] =
    argument && compiler.isCallExpression(argument) ? argument.arguments : [argument];
  const callee = call.expression.getText(file);
  const says = (text: string): boolean => new Set(text.match(/[\p{ID_Continue}$]+/gu)).has(word);
  const isImport = call.expression.kind === compiler.SyntaxKind.ImportKeyword;
  if (!module || !compiler.isStringLiteralLike(module)) {
    const loads = isImport || ['require', 'import.meta.glob', 'require.context'].includes(callee);
    const written = loads && argument ? argument.getText(file) : '';
    const [, beginning] = /^\[?\s*['"`](\.[^'"`$*{]*)/u.exec(written) ?? [];
    if (beginning === undefined) return undefined;
    const start = posix.join(posix.dirname(file.fileName), beginning);
    const maybe = [...exporters].some((path) => path.startsWith(start));
    return maybe ? 'a module that is worked out at run time may be the renamed one' : undefined;
  }
  const leads = target(file.fileName, module.text);
  if (typeof leads === 'string' || !exporters.has(leads.path)) return undefined;
  if (isImport) return isTaken(compiler, call) ? undefined : 'the module is loaded as a value';
  if (callee === 'require') {
    return says(statementOf(compiler, call).getText(file)) || !isRead(compiler, call)
      ? 'cannot follow what is taken from `require`'
      : undefined;
  }
  if (['import.meta.glob', 'require.context'].includes(callee))
    return 'the module is loaded as a value';
  return /mock|replace|proxyquire|rewire|actual/iu.test(callee) &&
    says(statementOf(compiler, call).getText(file))
    ? 'the name is given or taken past the import'
    : undefined;
};

const statementOf = (compiler: Compiler, node: ts.Node): ts.Node =>
  compiler.findAncestor(node, compiler.isStatement) ?? node;

/** Whether a promise of a module is awaited, or taken apart at once. */
const isTaken = (compiler: Compiler, call: ts.Node): boolean => {
  const { parent } = call;
  if (compiler.isParenthesizedExpression(parent)) return isTaken(compiler, parent);
  if (compiler.isAwaitExpression(parent) || compiler.isExpressionStatement(parent)) return true;
  if (!compiler.isPropertyAccessExpression(parent) || parent.name.text !== 'then') return false;
  const taker = compiler.isCallExpression(parent.parent) ? parent.parent.arguments[0] : undefined;
  if (!taker || !compiler.isFunctionLike(taker)) return false;
  const [parameter] = taker.parameters;
  return (
    parameter !== undefined &&
    (compiler.isIdentifier(parameter.name) ||
      parameter.name.elements.every((one) => compiler.isBindingElement(one) && !one.dotDotDotToken))
  );
};

/** A name that is imported from where nobody can look. */
const unfollowed = (
  { compiler, target, word }: Facts,
  file: ts.SourceFile,
  one: ts.ImportSpecifier | ts.ExportSpecifier,
): string | undefined => {
  if ((one.propertyName ?? one.name).text !== word) return undefined;
  const from = compiler.isExportSpecifier(one)
    ? one.parent.parent.moduleSpecifier
    : one.parent.parent.parent.moduleSpecifier;
  if (!from || !compiler.isStringLiteral(from)) return undefined;
  return target(file.fileName, from.text) === 'unknown'
    ? `cannot tell whose \`${word}\` comes from "${from.text}"`
    : undefined;
};

/** What the compiler takes for a part of the declaration at home is renamed with it. */
const addedTo = (
  { compiler, program, target, exporters, homes, word }: Facts,
  file: ts.SourceFile,
  { name, body }: ts.ModuleDeclaration,
): string | undefined => {
  const leads = target(file.fileName, name.text);
  const ours = leads === 'unknown' || (typeof leads === 'object' && exporters.has(leads.path));
  const checker = program.getTypeChecker();
  const isPart = (name: ts.Node): boolean =>
    checker
      .getSymbolAtLocation(name)
      ?.declarations?.some((one) => homes.includes(one.getSourceFile().fileName)) ?? false;
  const declaresAnother =
    body !== undefined &&
    compiler.isModuleBlock(body) &&
    body.statements.some((one) => {
      const { name: label } = one as { readonly name?: ts.Node };
      return label?.getText(file) === word && !isPart(label);
    });
  return ours && declaresAnother
    ? `\`${word}\` is declared once more for "${name.text}"`
    : undefined;
};
