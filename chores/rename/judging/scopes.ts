// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** What a name can stand for: a value, a type, a namespace; one declaration can be several. */
const meanings = { value: 1, type: 2, space: 4, any: 7 } as const;

/** A name that is declared: where its name stands, and which node declares it. */
export type Binding = {
  readonly meaning: number;
  readonly name: ts.Node;
  readonly declaration: ts.Node;
  readonly scope: ts.Node;
};

/** The names a file declares, worked out from where they stand, without the compiler's checker. */
export type Scopes = {
  /** What a use of a name means; none: a global, or a name that nothing declares. */
  readonly resolve: (name: ts.Identifier) => readonly Binding[];
  readonly top: (name: string) => readonly Binding[];
  /** Whether the name declares something, or names what it declares. */
  readonly declaredBy: (name: ts.Node) => Binding | undefined;
};

/** Reads the scopes of a file; `nodes` are all of its nodes, those in JSDoc among them. */
export const readScopes = (
  compiler: Compiler,
  file: ts.SourceFile,
  nodes: readonly ts.Node[],
): Scopes => {
  const scopes = new Map<ts.Node, Map<string, Binding[]>>();
  const byName = new Map<ts.Node, Binding>();
  const { isIdentifier } = compiler;

  const declare = (
    scope: ts.Node,
    name: ts.Node | undefined,
    meaning: number,
    declaration: ts.Node,
  ): void => {
    if (!name) return;
    if (compiler.isObjectBindingPattern(name) || compiler.isArrayBindingPattern(name)) {
      for (const one of name.elements) {
        if (compiler.isBindingElement(one)) declare(scope, one.name, meaning, one);
      }
      return;
    }
    if (!isIdentifier(name)) return;
    const names = scopes.get(scope) ?? new Map<string, Binding[]>();
    scopes.set(scope, names);
    const binding = { meaning, name, declaration, scope };
    names.set(name.text, [...(names.get(name.text) ?? []), binding]);
    byName.set(name, binding);
  };

  const isHome = (node: ts.Node): boolean =>
    compiler.isSourceFile(node) || compiler.isModuleBlock(node);
  const isBlock = (node: ts.Node): boolean =>
    isHome(node) || compiler.isBlock(node) || compiler.isCaseBlock(node);
  const isBody = ({ parent }: ts.Node): boolean =>
    compiler.isFunctionLike(parent) || compiler.isClassStaticBlockDeclaration(parent);
  const above = (node: ts.Node, fits: (one: ts.Node) => boolean): ts.Node =>
    compiler.findAncestor(node.parent, fits) ?? file;
  const isLoop = (node: ts.Node): boolean =>
    compiler.isForStatement(node) ||
    compiler.isForInStatement(node) ||
    compiler.isForOfStatement(node);
  const around = (node: ts.Node): ts.Node => above(node, isBlock);

  const scopeOfVariable = (node: ts.VariableDeclaration): ts.Node => {
    const { parent: list } = node;
    if (compiler.isCatchClause(list)) return list;
    if ((list.flags & compiler.NodeFlags.BlockScoped) === 0) {
      return above(list, (one) => isHome(one) || (compiler.isBlock(one) && isBody(one)));
    }
    return isLoop(list.parent) ? list.parent : around(list);
  };

  const declareIn = (node: ts.Node): void => {
    const { value, type, space, any } = meanings;
    if (compiler.isVariableDeclaration(node)) {
      declare(scopeOfVariable(node), node.name, value, node);
    } else if (compiler.isParameter(node)) declare(node.parent, node.name, value, node);
    else if (compiler.isTypeParameterDeclaration(node)) {
      const { parent } = node;
      // Of a doc comment's `@template` the names hold for what it is on.
      const holder = compiler.isInferTypeNode(parent)
        ? above(parent, compiler.isConditionalTypeNode)
        : compiler.isJSDocTemplateTag(parent)
          ? parent.parent.parent
          : parent;
      declare(holder, node.name, type, node);
    } else if (compiler.isFunctionDeclaration(node)) {
      declare(around(node), node.name, value, node);
    } else if (compiler.isFunctionExpression(node)) declare(node, node.name, value, node);
    else if (compiler.isClassDeclaration(node)) {
      declare(around(node), node.name, value | type, node);
    } else if (compiler.isClassExpression(node)) declare(node, node.name, value | type, node);
    else if (compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node)) {
      declare(around(node), node.name, type, node);
    } else if (compiler.isEnumDeclaration(node)) declare(around(node), node.name, any, node);
    else if (compiler.isEnumMember(node)) declare(node.parent, node.name, value, node);
    else if (compiler.isModuleDeclaration(node)) {
      const global = (node.flags & compiler.NodeFlags.GlobalAugmentation) !== 0;
      if (!global) declare(around(node), node.name, value | space, node);
    } else if (
      compiler.isImportClause(node) ||
      compiler.isNamespaceImport(node) ||
      compiler.isImportSpecifier(node) ||
      compiler.isImportEqualsDeclaration(node)
    ) {
      declare(around(node), node.name, any, node);
    } else if (compiler.isJSDocTypedefTag(node) || compiler.isJSDocCallbackTag(node)) {
      if (/\.[cm]?jsx?$/u.test(file.fileName)) declare(file, node.name, type, node);
    }
  };
  for (const node of nodes) declareIn(node);

  /** Whether the names of a scope hold for the part of it that one comes from. */
  const holds = (scope: ts.Node, part: ts.Node): boolean => {
    if (compiler.isConditionalTypeNode(scope)) return part === scope.trueType;
    if (!compiler.isFunctionLike(scope)) return true;
    return part !== scope.name;
  };
  /** What a decorator is on, out of whose own scope it is; of a parameter the function. */
  const decorated = ({ parent }: ts.Decorator): ts.Node =>
    compiler.isParameter(parent) ? parent.parent : parent;

  const resolve = (name: ts.Identifier): readonly Binding[] => {
    const meaning = meaningOf(compiler, name);
    let part: ts.Node = name;
    for (let scope = name.parent; scope; part = scope, scope = scope.parent) {
      if (compiler.isDecorator(scope)) {
        scope = decorated(scope);
        continue;
      }
      const bindings = holds(scope, part) ? scopes.get(scope)?.get(name.text) : undefined;
      const fitting = bindings?.filter((one) => (one.meaning & meaning) !== 0) ?? [];
      if (fitting.length > 0) return fitting;
    }
    return [];
  };
  return {
    resolve,
    top: (name) => scopes.get(file)?.get(name) ?? [],
    declaredBy: (name) => byName.get(name),
  };
};

const meaningOf = (compiler: Compiler, name: ts.Identifier): number => {
  let node: ts.Node = name;
  let left = false;
  while (
    (compiler.isQualifiedName(node.parent) && node.parent.left === node) ||
    (compiler.isPropertyAccessExpression(node.parent) && node.parent.expression === node)
  ) {
    node = node.parent;
    left = true;
  }
  const { value, type, space, any } = meanings;
  const { parent } = node;
  if (
    compiler.isExportSpecifier(parent) ||
    compiler.isExportAssignment(parent) ||
    compiler.isImportEqualsDeclaration(parent) ||
    compiler.isJSDocNameReference(parent) ||
    isLink(compiler, parent)
  ) {
    return any;
  }
  if (compiler.isTypeReferenceNode(parent)) return left ? space : type;
  if (compiler.isExpressionWithTypeArguments(parent)) {
    const { parent: clause } = parent;
    const extending =
      compiler.isHeritageClause(clause) &&
      clause.token === compiler.SyntaxKind.ExtendsKeyword &&
      compiler.isClassLike(clause.parent);
    return extending ? value | (left ? space : 0) : left ? space : type;
  }
  return left ? value | space : value;
};

/** `{@link name}` in one of its forms. */
export const isLink = (compiler: Compiler, node: ts.Node): boolean =>
  compiler.isJSDocLink(node) || compiler.isJSDocLinkCode(node) || compiler.isJSDocLinkPlain(node);
