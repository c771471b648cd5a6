// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { loadTypeScript } from '../../../../src/data/load-typescript.ts';

export type Compiler = typeof ts;

/** One token: its text and, for a name, whether it stands for a variable, some object's member or a local. */
export type Token = {
  readonly text: string;
  readonly use: 'variable' | 'member' | 'local' | 'other';
};

export type Comment = {
  readonly text: string;
  /** Nothing but other comments stands before it. */
  readonly first: boolean;
};

/** A declaration that has a doc comment. */
export type Documented = {
  readonly name: string;
  readonly exported: boolean;
  readonly comment: string;
};

export type Parsed = {
  readonly compiler: Compiler;
  readonly file: ts.SourceFile;
  /** The first syntax error, if there is one. */
  readonly broken: string | undefined;
  readonly documented: readonly Documented[];
  /** Names declared at the top level, in order; `exported` by a modifier of their own. */
  readonly declared: readonly { readonly name: string; readonly exported: boolean }[];
};

/** Parses TypeScript or JavaScript; never throws on bad code. */
export const parseScript = async (path: string, text: string): Promise<Parsed> => {
  const compiler = loadTypeScript();
  const file = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true);
  // The parser's own list: a program or a transpilation for it costs twenty times as much.
  const { parseDiagnostics } = file as { readonly parseDiagnostics?: readonly ts.Diagnostic[] };
  if (!parseDiagnostics) throw new TypeError('this TypeScript keeps its syntax errors elsewhere');
  const message = parseDiagnostics[0]?.messageText;
  const broken =
    message === undefined ? undefined : compiler.flattenDiagnosticMessageText(message, ' ');
  const declared = file.statements.flatMap((statement) =>
    namesIn(compiler, statement).map((name) => ({
      name,
      exported: isExported(compiler, statement),
    })),
  );
  const documented = file.statements.flatMap((statement) =>
    documentedIn(compiler, file, statement),
  );
  return { compiler, file, broken, documented, declared };
};

/** Names a top-level statement declares. */
export const namesIn = (compiler: Compiler, statement: ts.Node): readonly string[] => {
  if (compiler.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      compiler.isIdentifier(name) ? [name.text] : [],
    );
  }
  const { name } = statement as { readonly name?: ts.Node };
  return name && compiler.isIdentifier(name) ? [name.text] : [];
};

/** Whether a statement has an `export` of its own. */
export const isExported = (compiler: Compiler, statement: ts.Node): boolean =>
  compiler.canHaveModifiers(statement) &&
  (compiler.getModifiers(statement) ?? []).some(
    ({ kind }) => kind === compiler.SyntaxKind.ExportKeyword,
  );

const documentedIn = (
  compiler: Compiler,
  file: ts.SourceFile,
  statement: ts.Statement,
): readonly Documented[] => {
  const members =
    compiler.isClassDeclaration(statement) || compiler.isInterfaceDeclaration(statement)
      ? [...statement.members]
      : [];
  return [statement, ...members].flatMap((node) => {
    const names = namesIn(compiler, node);
    const exported = node === statement && isExported(compiler, statement);
    return compiler
      .getJSDocCommentsAndTags(node)
      .filter((doc) => compiler.isJSDoc(doc))
      .flatMap((doc) => names.map((name) => ({ name, exported, comment: doc.getText(file) })));
  });
};

/** The leaves of the tree, in order, without comments and white space. */
export const tokensOf = (
  { compiler, file }: Pick<Parsed, 'compiler' | 'file'>,
  root: ts.Node = file,
): readonly Token[] => {
  const tokens: Token[] = [];
  const visit = (node: ts.Node): void => {
    if (
      node.kind >= compiler.SyntaxKind.FirstJSDocNode &&
      node.kind <= compiler.SyntaxKind.LastJSDocNode
    )
      return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      for (const child of children) visit(child);
      return;
    }
    const text = node.getText(file);
    if (text !== '') tokens.push({ text, use: useOf(compiler, node) });
  };
  visit(root);
  return tokens;
};

const useOf = (compiler: Compiler, node: ts.Node): Token['use'] => {
  if (!compiler.isIdentifier(node)) return 'other';
  const { parent } = node;
  const isMember =
    (compiler.isPropertyAccessExpression(parent) && parent.name === node) ||
    (compiler.isQualifiedName(parent) && parent.right === node) ||
    ((compiler.isImportSpecifier(parent) || compiler.isExportSpecifier(parent)) &&
      parent.propertyName !== undefined) ||
    (compiler.isBindingElement(parent) && parent.propertyName === node) ||
    ((compiler.isPropertyAssignment(parent) ||
      compiler.isPropertySignature(parent) ||
      compiler.isPropertyDeclaration(parent) ||
      compiler.isMethodDeclaration(parent) ||
      compiler.isMethodSignature(parent) ||
      compiler.isEnumMember(parent) ||
      compiler.isJsxAttribute(parent)) &&
      parent.name === node);
  if (isMember) return 'member';
  return isLocal(compiler, node) ? 'local' : 'variable';
};

/** Whether a parameter or a variable inside a function around it has the name. */
const isLocal = (compiler: Compiler, name: ts.Identifier): boolean => {
  for (let node: ts.Node = name; !compiler.isSourceFile(node); node = node.parent) {
    const parameters = compiler.isFunctionLike(node) ? [...node.parameters] : [];
    const statements: readonly ts.Statement[] =
      compiler.isBlock(node) || compiler.isCaseOrDefaultClause(node) ? node.statements : [];
    const loop =
      compiler.isForStatement(node) || compiler.isForOfStatement(node)
        ? node.initializer
        : undefined;
    const bindings: readonly ts.Node[] = [
      ...parameters,
      ...statements.flatMap((one): readonly ts.Node[] =>
        compiler.isVariableStatement(one) ? one.declarationList.declarations : [one],
      ),
      ...(loop && compiler.isVariableDeclarationList(loop) ? [...loop.declarations] : []),
    ];
    if (bindings.some((binding) => binds(compiler, binding, name.text))) return true;
  }
  return false;
};

/** Whether a declaration gives something this name, also inside `{ a, b: [c] }`. */
const binds = (compiler: Compiler, declaration: ts.Node, text: string): boolean => {
  const { name } = declaration as { readonly name?: ts.Node };
  if (!name) return false;
  if (compiler.isIdentifier(name)) return name.text === text;
  return (
    (compiler.isObjectBindingPattern(name) || compiler.isArrayBindingPattern(name)) &&
    name.elements.some((element) => binds(compiler, element, text))
  );
};

/** Every comment in order, with the line ends made the same. */
export const commentsOf = ({ compiler, file }: Parsed): readonly Comment[] => {
  const ranges = new Map<number, { readonly end: number }>();
  const collect = (at: number): void => {
    for (const range of [
      ...(compiler.getLeadingCommentRanges(file.text, at) ?? []),
      ...(compiler.getTrailingCommentRanges(file.text, at) ?? []),
    ]) {
      ranges.set(range.pos, range);
    }
  };
  const visit = (node: ts.Node): void => {
    if (
      node.kind >= compiler.SyntaxKind.FirstJSDocNode &&
      node.kind <= compiler.SyntaxKind.LastJSDocNode
    )
      return;
    // Text between JSX tags may look like a comment and is none.
    if (node.kind !== compiler.SyntaxKind.JsxText) {
      collect(node.getFullStart());
      collect(node.getEnd());
    }
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  const code = file.statements[0]?.getStart(file) ?? file.text.length;
  return [...ranges]
    .sort(([a], [b]) => a - b)
    .map(([start, { end }]) => ({
      text: file.text.slice(start, end).replaceAll('\r\n', '\n'),
      first: start < code,
    }));
};

/** Names a module exports; `default` for its default, `*` where it passes on another module's. */
export const exportedNames = ({ compiler, file, declared }: Parsed): readonly string[] => [
  ...declared.filter(({ exported }) => exported).map(({ name }) => name),
  ...file.statements.flatMap((statement) => {
    if (compiler.isExportAssignment(statement)) return ['default'];
    if (!compiler.isExportDeclaration(statement)) {
      const isDefault =
        compiler.canHaveModifiers(statement) &&
        compiler
          .getModifiers(statement)
          ?.some(({ kind }) => kind === compiler.SyntaxKind.DefaultKeyword);
      return isDefault ? ['default'] : [];
    }
    const clause = statement.exportClause;
    if (!clause) return ['*'];
    return compiler.isNamedExports(clause)
      ? clause.elements.map(({ name }) => name.text)
      : [clause.name.text];
  }),
];
