// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One TypeScript file of the tree, parsed when somebody looks at its tree. */
export type Source = {
  /** From the top of the tree. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly lines: number;
};

/** Every TypeScript file below some folders of a tree, in order; a folder that is not there has none. */
export const readSources = (root: string, folders: readonly string[]): readonly Source[] =>
  folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name}`)
        .filter((path) => path.endsWith('.ts') && !path.includes('node_modules/'))
        .sort()
        .map((path) => readSource(root, path)),
    );

const readSource = (root: string, path: string): Source => {
  const text = readFileSync(join(root, path), 'utf8');
  let tree: ts.SourceFile | undefined;
  return {
    path,
    text,
    get tree() {
      tree ??= ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
      return tree;
    },
    lines: linesOf(text),
  };
};

/** Lines that are not blank. */
const linesOf = (text: string): number => text.match(/^.*\S.*$/gm)?.length ?? 0;

/** Every node of a tree that has a form, in order. */
export const nodesOf = <T extends ts.Node>(
  tree: ts.Node,
  is: (node: ts.Node) => node is T,
): readonly T[] => {
  const nodes: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
};

/** The name's node of a variable, parameter or part of a pattern that is a plain name. */
type Local = (ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement) & {
  readonly name: ts.Identifier;
};

const isLocal = (node: ts.Node): node is Local =>
  (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
  ts.isIdentifier(node.name) &&
  ts.findAncestor(node, ts.isFunctionLike) !== undefined;

/** Names that say nothing of what a variable contains. */
export const vagueNames: ReadonlySet<string> = new Set(['known', 'found', 'given', 'held', 'own']);

/** Names of the variables and parameters within the functions of a file. */
export const localsOf = ({ tree }: Source): readonly ts.Identifier[] =>
  nodesOf(tree, isLocal).map(({ name }) => name);

/** The lines, without blank ones, of every function of a file that has a name. */
export const functionLinesOf = ({ tree }: Source): readonly number[] =>
  nodesOf(tree, isNamedFunction).map((node) => linesOf(node.getText(tree)));

const isNamedFunction = (node: ts.Node): node is ts.Node =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ((ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) &&
    isFunction(node.initializer));

const isFunction = (node: ts.Node | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false);

/** Names of the types that a file exports. */
export const exportedTypesOf = ({ tree }: Source): readonly string[] =>
  tree.statements.flatMap((node) =>
    isExported(node) &&
    (ts.isTypeAliasDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      (ts.isClassDeclaration(node) && node.name))
      ? [node.name?.text ?? '']
      : [],
  );

/** Names of the functions that a file exports without a doc comment. */
export const undocumentedOf = ({ tree }: Source): readonly string[] =>
  tree.statements.flatMap((node) => {
    if (!isExported(node) || ts.getJSDocCommentsAndTags(node).length > 0) return [];
    if (ts.isFunctionDeclaration(node)) return [node.name?.text ?? 'default'];
    return ts.isVariableStatement(node)
      ? node.declarationList.declarations
          .filter(({ initializer }) => isFunction(initializer))
          .map(({ name }) => name.getText(tree))
      : [];
  });
