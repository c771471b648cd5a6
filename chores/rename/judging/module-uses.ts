// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { importsOf, type NameLink, requiredBy, textOf } from './module-facts.ts';
import type { Binding, Scopes } from './scopes.ts';

/** How a use has to be written with the new name: alone, as `old: new`, or as `new: old`. */
export type Form = 'plain' | 'value' | 'key';

/** A use of a word as a name of another module. */
export type Linked = NameLink & {
  readonly at: number;
  readonly form: Form | 'string';
  /** Names on the way: of a module that exports a module. */
  readonly via: readonly string[];
};

/** A module, or with `via` one that it exports, taken as a value of which names may be read unseen. */
export type Whole = {
  readonly at: number;
  readonly specifier: string;
  readonly via: readonly string[];
};

type Place = Omit<Whole, 'at'>;

type Reading = {
  readonly compiler: Compiler;
  readonly file: ts.SourceFile;
  readonly nodes: readonly ts.Node[];
  readonly scopes: Scopes;
  readonly word: string;
};

/** Calls that put something in a module's place, or load it past what is put there. */
const replacing = /mock|proxyquire|rewire|esmock|replace|requireActual|importActual/iu;

/** Where a file reads a word from a module as a whole, and where such a module goes elsewhere. */
export const readModuleUses = (
  reading: Reading,
): { readonly members: readonly Linked[]; readonly wholes: readonly Whole[] } => {
  const { compiler, file, nodes, scopes, word } = reading;
  const members: Linked[] = [];
  const wholes: Whole[] = [];
  const modules = new Map<Binding['declaration'], Place>();
  const bindings = new Set<string>();

  const bind = (name: ts.Node, declaration: ts.Node, place: Place): void => {
    if (!compiler.isIdentifier(name)) return;
    modules.set(declaration, place);
    bindings.add(name.text);
  };
  const takeWhole = (node: ts.Node, place: Place): void => {
    wholes.push({ ...place, at: node.getStart(file) });
  };
  const takeMember = (node: ts.Node, { specifier, via }: Place, form: Linked['form']): void => {
    members.push({ specifier, via, name: word, form, at: node.getStart(file) });
  };

  const destructure = (pattern: ts.ObjectBindingPattern, place: Place): void => {
    for (const one of pattern.elements) {
      const key = one.propertyName ?? one.name;
      if (one.dotDotDotToken || compiler.isComputedPropertyName(key)) takeWhole(one, place);
      else if (compiler.isIdentifier(key) && key.text === word) {
        takeMember(key, place, one.propertyName ? 'plain' : 'key');
      } else if (textOf(compiler, key) === word) takeMember(key, place, 'string');
    }
  };

  /** What becomes of a module's value. */
  const follow = (value: ts.Node, place: Place): void => {
    const { parent } = value;
    const whole = (): void => takeWhole(value, place);
    if (compiler.isParenthesizedExpression(parent) || compiler.isNonNullExpression(parent)) {
      follow(parent, place);
    } else if (compiler.isPropertyAccessExpression(parent) && parent.expression === value) {
      followMember(parent, parent.name, place);
    } else if (compiler.isQualifiedName(parent) && parent.left === value) {
      followMember(parent, parent.right, place);
    } else if (compiler.isElementAccessExpression(parent) && parent.expression === value) {
      const key = textOf(compiler, parent.argumentExpression);
      if (key === word) takeMember(parent.argumentExpression, place, 'string');
      else if (key === undefined) whole();
    } else if (compiler.isVariableDeclaration(parent) && parent.initializer === value) {
      if (compiler.isObjectBindingPattern(parent.name)) destructure(parent.name, place);
      else if (compiler.isIdentifier(parent.name) && isConstant(compiler, parent)) {
        bind(parent.name, parent, place);
      } else whole();
    } else if (!compiler.isExpressionStatement(parent)) whole();
  };

  const followMember = (around: ts.Node, name: ts.Node, place: Place): void => {
    if (!compiler.isIdentifier(name)) return;
    if (name.text === word) takeMember(name, place, 'plain');
    else {
      const { parent } = around;
      const next =
        compiler.isPropertyAccessExpression(parent) && parent.expression === around
          ? parent.name
          : compiler.isQualifiedName(parent) && parent.left === around
            ? parent.right
            : undefined;
      if (next && compiler.isIdentifier(next) && next.text === word) {
        takeMember(next, { ...place, via: [...place.via, name.text] }, 'plain');
      }
    }
  };

  const followPromise = (call: ts.Node, place: Place): void => {
    const { parent } = call;
    if (compiler.isParenthesizedExpression(parent)) followPromise(parent, place);
    else if (compiler.isAwaitExpression(parent)) follow(parent, place);
    else if (
      compiler.isPropertyAccessExpression(parent) &&
      parent.name.text === 'then' &&
      compiler.isCallExpression(parent.parent)
    ) {
      const [taker] = parent.parent.arguments;
      const [parameter] =
        taker && (compiler.isArrowFunction(taker) || compiler.isFunctionExpression(taker))
          ? taker.parameters
          : [];
      if (!parameter) takeWhole(call, place);
      else if (compiler.isObjectBindingPattern(parameter.name)) destructure(parameter.name, place);
      else bind(parameter.name, parameter, place);
    } else if (!compiler.isExpressionStatement(parent)) takeWhole(call, place);
  };

  const load = (node: ts.Node): void => {
    if (compiler.isImportTypeNode(node)) {
      const { argument, qualifier } = node;
      const specifier = compiler.isLiteralTypeNode(argument)
        ? textOf(compiler, argument.literal)
        : undefined;
      if (specifier !== undefined && !qualifier) takeWhole(node, { specifier, via: [] });
    } else if (compiler.isImportEqualsDeclaration(node)) {
      const specifier = requiredBy(compiler, node);
      if (specifier !== undefined) bind(node.name, node, { specifier, via: [] });
    } else if (compiler.isImportDeclaration(node) || compiler.isJSDocImportTag(node)) {
      bindImports(node);
    } else if (compiler.isCallExpression(node)) loadByCall(node);
  };

  const bindImports = (node: ts.ImportDeclaration | ts.JSDocImportTag): void => {
    const links = importsOf(compiler, node);
    const { importClause: clause } = node;
    const bound = clause?.namedBindings;
    const names = [
      ...(clause?.name ? [clause] : []),
      ...(bound && compiler.isNamedImports(bound) ? bound.elements : bound ? [bound] : []),
    ];
    for (const one of names) {
      const link = one.name && links.get(one.name.text);
      if (!one.name || !link) continue;
      const via = link.name === '*' ? [] : [link.name];
      bind(one.name, one, { specifier: link.specifier, via });
    }
  };

  const loadByCall = (call: ts.CallExpression): void => {
    const [argument] = call.arguments;
    const inner =
      argument && compiler.isCallExpression(argument) ? argument.arguments[0] : argument;
    const specifier = textOf(compiler, inner);
    if (specifier === undefined) return;
    const place = { specifier, via: [] };
    if (call.expression.kind === compiler.SyntaxKind.ImportKeyword) followPromise(call, place);
    else if (compiler.isIdentifier(call.expression) && call.expression.text === 'require') {
      follow(call, place);
    } else if (replacing.test(call.expression.getText(file))) {
      const isLoaded = /actual|proxyquire|rewire|esmock/iu.test(call.expression.getText(file));
      const says = new RegExp(`(?<![\\w$])${word.replaceAll('$', '\\$')}(?![\\w$])`, 'u');
      if (isLoaded || says.test(call.getText(file))) takeWhole(call, place);
    }
  };

  for (const node of nodes) load(node);
  // A name can stand for a module that comes from another name: each pass sees those found before.
  for (let size = -1; size !== modules.size; ) {
    size = modules.size;
    for (const node of nodes) {
      if (!compiler.isIdentifier(node) || !bindings.has(node.text)) continue;
      if (scopes.declaredBy(node) || isInComment(compiler, node)) continue;
      const place = scopes
        .resolve(node)
        .map(({ declaration }) => modules.get(declaration))
        .find((one) => one !== undefined);
      if (place && !isNoValue(compiler, node)) follow(node, place);
    }
  }
  const once = <One extends { readonly at: number }>(list: readonly One[]): readonly One[] => [
    ...new Map(list.map((one) => [one.at, one])).values(),
  ];
  return { members: once(members), wholes: once(wholes) };
};

const isConstant = (compiler: Compiler, { parent }: ts.VariableDeclaration): boolean =>
  (parent.flags & compiler.NodeFlags.Const) !== 0;

const isInComment = (compiler: Compiler, node: ts.Node): boolean =>
  compiler.findAncestor(node, compiler.isJSDoc) !== undefined &&
  !compiler.isQualifiedName(node.parent);

/** Names of members, keys and labels that happen to be called as a module is. */
const isNoValue = (compiler: Compiler, node: ts.Identifier): boolean => {
  const { parent } = node;
  const { name, propertyName, label } = parent as {
    readonly name?: ts.Node;
    readonly propertyName?: ts.Node;
    readonly label?: ts.Node;
  };
  if (compiler.isExportSpecifier(parent)) {
    return parent.parent.parent.moduleSpecifier !== undefined || (propertyName ?? name) !== node;
  }
  if (compiler.isShorthandPropertyAssignment(parent)) return false;
  if (compiler.isQualifiedName(parent)) return parent.right === node;
  return name === node || propertyName === node || label === node;
};
