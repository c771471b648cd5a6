// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../data/load-typescript.ts';
import { scriptOf } from './script-of.ts';

export type Wanted = {
  readonly name: string;
  readonly specifier: string;
  readonly line: number;
  /** `export * from`: hands on every name and asks for none. */
  readonly star: boolean;
};

/** What a module exports itself, and what it wants of others. */
export type Module = { readonly exported: ReadonlySet<string>; readonly wanted: readonly Wanted[] };

type Reading = {
  readonly compiler: Compiler;
  readonly exported: Set<string>;
  readonly want: (node: ts.Node, specifier: string, name: string, star?: boolean) => void;
  /** Names that stand for a whole module, by where it is from. */
  readonly modules: Map<string, string>;
};

/**
 * Reads the exports and imports of a source or of a component file's scripts, those of CommonJS and
 * of `import()` among them.
 */
export const readModule = (compiler: Compiler, path: string, content: string): Module => {
  const { name, text } = scriptOf(path, content);
  const file = compiler.createSourceFile(name, text, compiler.ScriptTarget.Latest, true);
  const wanted: Wanted[] = [];
  const reading: Reading = {
    compiler,
    exported: new Set(),
    modules: new Map(),
    want: (node, specifier, name, star = false) => {
      const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
      wanted.push({ name, specifier, line, star });
    },
  };
  for (const statement of file.statements) readStatement(reading, statement);
  walk(compiler, file, (node) => readLoading(reading, node));
  if (reading.modules.size > 0) walk(compiler, file, (node) => readMember(reading, node));
  return { exported: reading.exported, wanted };
};

const walk = (compiler: Compiler, start: ts.Node, visit: (node: ts.Node) => void): void => {
  const left = [start];
  for (let node = left.pop(); node; node = left.pop()) {
    visit(node);
    const children: ts.Node[] = [];
    compiler.forEachChild(node, (child) => {
      children.push(child);
    });
    if (node.flags & compiler.NodeFlags.JavaScriptFile) {
      children.push(...((node as { jsDoc?: readonly ts.Node[] }).jsDoc ?? []));
    }
    left.push(...children.reverse());
  }
};

const readStatement = (reading: Reading, statement: ts.Statement): void => {
  const { compiler, exported } = reading;
  if (compiler.isImportDeclaration(statement)) readImport(reading, statement);
  else if (compiler.isExportDeclaration(statement)) readExport(reading, statement);
  else if (compiler.isExportAssignment(statement)) exported.add('default');
  else for (const name of declaredNames(compiler, statement)) exported.add(name);
};

const readImport = (
  { compiler, want, modules }: Reading,
  { importClause: clause, moduleSpecifier }: ts.ImportDeclaration,
): void => {
  if (!clause || !compiler.isStringLiteral(moduleSpecifier)) return;
  const specifier = moduleSpecifier.text;
  if (clause.name) want(clause, specifier, 'default');
  const bound = clause.namedBindings;
  if (!bound) return;
  if (compiler.isNamespaceImport(bound)) modules.set(bound.name.text, specifier);
  else {
    for (const one of bound.elements) want(one, specifier, (one.propertyName ?? one.name).text);
  }
};

const readExport = (
  { compiler, exported, want }: Reading,
  statement: ts.ExportDeclaration,
): void => {
  const { exportClause: clause, moduleSpecifier: from } = statement;
  const specifier = from && compiler.isStringLiteral(from) ? from.text : undefined;
  if (!clause) {
    if (specifier !== undefined) want(statement, specifier, '*', true);
  } else if (compiler.isNamedExports(clause)) {
    for (const one of clause.elements) {
      exported.add(one.name.text);
      if (specifier !== undefined) want(one, specifier, (one.propertyName ?? one.name).text);
    }
  } else exported.add(clause.name.text);
};

const declaredNames = (compiler: Compiler, statement: ts.Statement): readonly string[] => {
  const kinds = compiler.canHaveModifiers(statement)
    ? (compiler.getModifiers(statement) ?? []).map(({ kind }) => kind)
    : [];
  if (!kinds.includes(compiler.SyntaxKind.ExportKeyword)) return [];
  if (kinds.includes(compiler.SyntaxKind.DefaultKeyword)) return ['default'];
  if (compiler.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(compiler, name));
  }
  const { name } = statement as { readonly name?: ts.Node };
  return name && compiler.isIdentifier(name) ? [name.text] : [];
};

const boundNames = (compiler: Compiler, name: ts.BindingName): readonly string[] =>
  compiler.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((one) =>
        compiler.isOmittedExpression(one) ? [] : boundNames(compiler, one.name),
      );

/** A module that is loaded by a call, a type or TypeScript's `import x = require()`. */
const readLoading = (reading: Reading, node: ts.Node): void => {
  const { compiler, want, modules } = reading;
  if (compiler.isCallExpression(node)) readCall(reading, node);
  else if (compiler.isBinaryExpression(node)) readAssignment(reading, node);
  else if (compiler.isImportTypeNode(node)) {
    const { argument, qualifier } = node;
    if (!compiler.isLiteralTypeNode(argument) || !qualifier) return;
    if (!compiler.isStringLiteral(argument.literal)) return;
    want(node, argument.literal.text, firstOf(compiler, qualifier));
  } else if (compiler.isImportEqualsDeclaration(node)) {
    const { moduleReference: from } = node;
    if (!compiler.isExternalModuleReference(from)) return;
    if (!compiler.isStringLiteral(from.expression)) return;
    modules.set(node.name.text, from.expression.text);
  }
};

const firstOf = (compiler: Compiler, name: ts.EntityName): string =>
  compiler.isIdentifier(name) ? name.text : firstOf(compiler, name.left);

/** `require('./x')` is the module, `import('./x')` a promise of it. */
const readCall = (reading: Reading, call: ts.CallExpression): void => {
  const { compiler } = reading;
  const [from] = call.arguments;
  if (!from || !compiler.isStringLiteralLike(from)) return;
  if (compiler.isIdentifier(call.expression) && call.expression.text === 'require') {
    readUse(reading, call, from.text);
  }
  if (call.expression.kind !== compiler.SyntaxKind.ImportKeyword) return;
  const { parent } = unwrapped(compiler, call);
  if (compiler.isAwaitExpression(parent)) readUse(reading, parent, from.text);
  else if (compiler.isPropertyAccessExpression(parent) && parent.name.text === 'then') {
    const [taker] = compiler.isCallExpression(parent.parent) ? parent.parent.arguments : [];
    const takes =
      taker && (compiler.isArrowFunction(taker) || compiler.isFunctionExpression(taker));
    const [parameter] = takes ? taker.parameters : [];
    if (parameter) readBinding(reading, parameter.name, from.text);
  }
};

/** What is in brackets, asserted or cast is the same value. */
const unwrapped = (compiler: Compiler, node: ts.Node): ts.Node => {
  const { parent } = node;
  return compiler.isParenthesizedExpression(parent) ||
    compiler.isNonNullExpression(parent) ||
    compiler.isAsExpression(parent) ||
    compiler.isSatisfiesExpression(parent)
    ? unwrapped(compiler, parent)
    : node;
};

const readUse = (reading: Reading, module: ts.Node, specifier: string): void => {
  const { compiler, want } = reading;
  const value = unwrapped(compiler, module);
  const { parent } = value;
  if (compiler.isVariableDeclaration(parent)) readBinding(reading, parent.name, specifier);
  else if (compiler.isPropertyAccessExpression(parent)) want(parent, specifier, parent.name.text);
  else if (compiler.isElementAccessExpression(parent)) {
    const { argumentExpression: key } = parent;
    if (compiler.isStringLiteralLike(key)) want(parent, specifier, key.text);
  }
};

const readBinding = (
  { compiler, want, modules }: Reading,
  name: ts.BindingName,
  specifier: string,
): void => {
  if (compiler.isIdentifier(name)) {
    modules.set(name.text, specifier);
    return;
  }
  if (!compiler.isObjectBindingPattern(name)) return;
  for (const one of name.elements) {
    const key = one.propertyName ?? one.name;
    if (one.dotDotDotToken) continue;
    if (compiler.isIdentifier(key) || compiler.isStringLiteral(key)) want(one, specifier, key.text);
  }
};

/** `exports.x = `, `module.exports.x = ` and `module.exports = {...}`. */
const readAssignment = ({ compiler, exported, want }: Reading, node: ts.BinaryExpression): void => {
  if (node.operatorToken.kind !== compiler.SyntaxKind.EqualsToken) return;
  const { left, right } = node;
  if (!compiler.isPropertyAccessExpression(left)) return;
  if (isExports(compiler, left)) {
    if (compiler.isObjectLiteralExpression(right)) {
      for (const { name } of right.properties) {
        if (name && (compiler.isIdentifier(name) || compiler.isStringLiteral(name))) {
          exported.add(name.text);
        }
      }
    } else if (compiler.isCallExpression(right)) {
      const [from] = right.arguments;
      const required =
        compiler.isIdentifier(right.expression) && right.expression.text === 'require';
      if (required && from && compiler.isStringLiteralLike(from)) want(node, from.text, '*', true);
    }
  } else if (isExports(compiler, left.expression)) exported.add(left.name.text);
};

const isExports = (compiler: Compiler, node: ts.Expression): boolean =>
  compiler.isIdentifier(node)
    ? node.text === 'exports'
    : compiler.isPropertyAccessExpression(node) &&
      compiler.isIdentifier(node.expression) &&
      node.expression.text === 'module' &&
      node.name.text === 'exports';

/** `ns.name`, where `ns` stands for a module. */
const readMember = ({ compiler, want, modules }: Reading, node: ts.Node): void => {
  const specifierOf = (name: ts.Node): string | undefined =>
    compiler.isIdentifier(name) ? modules.get(name.text) : undefined;
  if (compiler.isPropertyAccessExpression(node)) {
    const specifier = specifierOf(node.expression);
    if (specifier !== undefined) want(node, specifier, node.name.text);
  } else if (compiler.isQualifiedName(node)) {
    const specifier = specifierOf(node.left);
    if (specifier !== undefined) want(node, specifier, node.right.text);
  } else if (compiler.isVariableDeclaration(node) && node.initializer) {
    const specifier = specifierOf(node.initializer);
    if (specifier === undefined || !compiler.isObjectBindingPattern(node.name)) return;
    for (const { propertyName, name, dotDotDotToken } of node.name.elements) {
      const key = propertyName ?? name;
      if (!dotDotDotToken && compiler.isIdentifier(key)) want(node, specifier, key.text);
    }
  }
};
