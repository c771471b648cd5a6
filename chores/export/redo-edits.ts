// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { type Declared, declarationsOf } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';
import { insertStatement, type Lines } from './redo-insert.ts';
import type { Reached } from './redo-reach.ts';

export type Editing = {
  readonly compiler: Compiler;
  readonly file: ts.SourceFile;
  /** The same file with all that the patch does. */
  readonly goal: ts.SourceFile;
  /** Every name that some sentence wants exported. */
  readonly asked: ReadonlySet<string>;
};

type Edited = { readonly text: string } | { readonly problem: string };

/** The text with those exports of a name that the goal has and the file lacks; `reached`: it is no types file. */
export const addExports = (
  editing: Editing,
  name: string,
  reached: Reached | undefined,
): Edited => {
  const { compiler, file, goal } = editing;
  const listed = elementsOf(compiler, goal).filter((one) => one.name.text === name);
  const [element, twice] = listed;
  if (twice) return { problem: `\`${name}\` is exported twice` };
  if (element) {
    if (elementsOf(compiler, file).some((one) => isSame(one, element))) return { text: file.text };
    return addElement(editing, element, name);
  }
  const wanted = withWord(compiler, goal, name);
  if (wanted.length === 0 || withWord(compiler, file, name).length > 0) return { text: file.text };
  return declarationsOf(compiler, file).some((one) => one.name === name)
    ? addWord(editing, name, wanted)
    : reached
      ? { problem: `no sentence asks to declare \`${name}\`` }
      : addTypes(editing, wanted);
};

/** What is wrong with how the goal writes the export of a name in a list. */
export const wrongElement = (
  { compiler, goal }: Pick<Editing, 'compiler' | 'goal'>,
  name: string,
  { declaredAs, isValue }: Reached,
): string | undefined => {
  const element = elementsOf(compiler, goal).find((one) => one.name.text === name);
  if (!element) return undefined;
  const inner = element.propertyName?.text ?? name;
  if (inner !== name && !(inner === 'default' && declaredAs === name)) {
    return `\`${name}\` is another name for \`${inner}\``;
  }
  if (!isValue && !(isType(element) && /\.[cm]?tsx?$/u.test(goal.fileName))) {
    return `the type \`${name}\` is exported like a value`;
  }
  return undefined;
};

/** Whether a list of the file has a name. */
export const isListed = (compiler: Compiler, file: ts.SourceFile, name: string): boolean =>
  elementsOf(compiler, file).some((one) => one.name.text === name);

const elementsOf = (compiler: Compiler, file: ts.SourceFile): readonly ts.ExportSpecifier[] =>
  file.statements
    .filter(compiler.isExportDeclaration)
    .flatMap(({ exportClause: clause }) =>
      clause && compiler.isNamedExports(clause) ? [...clause.elements] : [],
    );

const statementOf = (element: ts.ExportSpecifier): ts.ExportDeclaration => element.parent.parent;

const specifierOf = (element: ts.ExportSpecifier): string | undefined =>
  (statementOf(element).moduleSpecifier as ts.StringLiteral | undefined)?.text;

const isSame = (one: ts.ExportSpecifier, other: ts.ExportSpecifier): boolean =>
  one.name.text === other.name.text &&
  one.propertyName?.text === other.propertyName?.text &&
  specifierOf(one) === specifierOf(other) &&
  isType(one) === isType(other);

const isType = (one: ts.ExportSpecifier): boolean => one.isTypeOnly || statementOf(one).isTypeOnly;

const withWord = (compiler: Compiler, file: ts.SourceFile, name: string): readonly Declared[] =>
  declarationsOf(compiler, file).filter(
    (one) =>
      one.name === name &&
      compiler.canHaveModifiers(one.statement) &&
      compiler
        .getModifiers(one.statement)
        ?.some(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword),
  );

const addElement = (
  { compiler, file, goal, asked }: Editing,
  element: ts.ExportSpecifier,
  name: string,
): Edited => {
  const statement = statementOf(element);
  const odd = { problem: `more than names is written in the list with \`${name}\`` };
  const plain = isPlain(compiler, goal, statement);
  const isPending = (one: ts.ExportSpecifier): boolean =>
    asked.has(one.name.text) && !elementsOf(compiler, file).some((other) => isSame(one, other));
  const kept = statementElements(compiler, statement).filter((one) => !isPending(one));
  if (kept.length > 0) {
    const grown = file.statements.filter(compiler.isExportDeclaration).find((one) => {
      const elements = statementElements(compiler, one);
      return (
        elements.length === kept.length &&
        elements.every((other, at) => kept[at] && isSame(other, kept[at]))
      );
    });
    if (!grown) return { problem: `the list with \`${name}\` has lost or changed other names` };
    const text = statement.getText(goal);
    if (!plain && !isCutOf(goal, element, grown.getText(file))) return odd;
    return {
      text: file.text.slice(0, grown.getStart(file)) + text + file.text.slice(grown.getEnd()),
    };
  }
  if (!plain) return odd;
  const at = goal.statements.indexOf(statement);
  const news = goal.statements
    .slice(0, at)
    .filter(compiler.isExportDeclaration)
    .filter((one) => {
      const elements = statementElements(compiler, one);
      return elements.length > 0 && elements.every(isPending);
    });
  return { text: insertStatement(file, at - news.length, goal, linesOf(statement, goal)) };
};

const statementElements = (
  compiler: Compiler,
  { exportClause: clause }: ts.ExportDeclaration,
): readonly ts.ExportSpecifier[] =>
  clause && compiler.isNamedExports(clause) ? [...clause.elements] : [];

/** Whether a list without one element, and a comma, is this text: then its comments were there before. */
const isCutOf = (file: ts.SourceFile, element: ts.ExportSpecifier, text: string): boolean => {
  const statement = statementOf(element);
  const { elements } = element.parent;
  const at = elements.indexOf(element);
  const [previous, next] = [elements[at - 1], elements[at + 1]];
  const without = (start: number, end: number): string =>
    file.text.slice(statement.getStart(file), start) + file.text.slice(end, statement.getEnd());
  return (
    (previous !== undefined && without(previous.getEnd(), element.getEnd()) === text) ||
    (next !== undefined && without(element.getStart(file), next.getStart(file)) === text)
  );
};

/** Between its words there is a space, or each name has a line. */
const isPlain = (
  compiler: Compiler,
  file: ts.SourceFile,
  statement: ts.ExportDeclaration,
): boolean => {
  const { attributes, exportClause: clause, moduleSpecifier } = statement;
  if (attributes || !clause || !compiler.isNamedExports(clause)) return false;
  const from = (moduleSpecifier as ts.StringLiteral | undefined)?.text ?? '';
  if (from.startsWith('.') && posix.normalize(from) !== from.replace(/^\.\//u, '')) return false;
  if (from.endsWith('/')) return false;
  if (/\\/u.test((moduleSpecifier ?? clause).getText(file) + clause.getText(file))) return false;
  const frame = statement.getText(file).replace(clause.getText(file), '{}');
  const isNamed = clause.elements.every((one) =>
    /^(?:type )?[^\s\p{C}]+(?: as [^\s\p{C}]+)?$/u.test(one.getText(file)),
  );
  if (!isNamed || !/^export (?:type )?\{\}(?: from (?:'[^'\p{C}]+'|"[^"\p{C}]+"))?;?$/u.test(frame))
    return false;
  const eol = /\r?\n/u.exec(file.text)?.[0] ?? '\n';
  const gaps = clause.elements.map((one) =>
    file.text.slice(one.getFullStart(), one.getStart(file)),
  );
  const end = file.text.slice(clause.elements.end, clause.getEnd());
  const [first = ''] = gaps;
  const onLines = first.startsWith(eol) && /^[ \t]+$/u.test(first.slice(eol.length));
  return onLines
    ? gaps.every((gap) => gap === first) && end === `${eol}}`
    : gaps.slice(1).every((gap) => gap === ' ') && /^ ?$/u.test(first) && /^ ?\}$/u.test(end);
};

const linesOf = (statement: ts.Statement, file: ts.SourceFile): Lines => ({
  start: statement.getStart(file),
  end: statement.getEnd(),
});

/** `export ` in front of each declaration of the name. */
const addWord = (
  { compiler, file, goal }: Editing,
  name: string,
  wanted: readonly Declared[],
): Edited => {
  const all = declarationsOf(compiler, file);
  const own = all.filter((one) => one.name === name);
  if (
    own.some(({ statement }) => all.some((one) => one.statement === statement && one.name !== name))
  ) {
    return { problem: `\`${name}\` is declared together with other names` };
  }
  const behind = wanted.some(({ statement }) => /^@/u.test(statement.getText(goal)));
  const places = own.map(({ statement }) => {
    const decorators = compiler.canHaveDecorators(statement)
      ? compiler.getDecorators(statement)
      : [];
    const last = behind ? decorators?.at(-1)?.getEnd() : undefined;
    if (last === undefined) return statement.getStart(file, false);
    return last + (/^\s*/u.exec(file.text.slice(last))?.[0].length ?? 0);
  });
  const text = [...new Set(places)]
    .sort((a, b) => b - a)
    .reduce((all, at) => `${all.slice(0, at)}export ${all.slice(at)}`, file.text);
  return { text };
};

/** One declaration in a file of types, taken from the goal. */
const addTypes = (
  { compiler, file, goal }: Editing,
  [declared, other]: readonly Declared[],
): Edited => {
  if (!declared || other) return { problem: 'the types are not one declaration' };
  const { statement } = declared;
  const isKind =
    compiler.isFunctionDeclaration(statement) ||
    compiler.isVariableStatement(statement) ||
    compiler.isInterfaceDeclaration(statement) ||
    compiler.isTypeAliasDeclaration(statement);
  const shared = declarationsOf(compiler, goal).filter((one) => one.statement === statement);
  const text = statement.getText(goal);
  if (!isKind || shared.length > 1 || hasMore(compiler, statement, text)) {
    return { problem: `the types of \`${declared.name}\` do more than to declare it` };
  }
  return {
    text: insertStatement(file, goal.statements.indexOf(statement), goal, linesOf(statement, goal)),
  };
};

const hasMore = (compiler: Compiler, root: ts.Node, text: string): boolean => {
  if (/\/[/*]/u.test(text) || /\n\s*\n/u.test(text)) return true;
  const isMore = (node: ts.Node): boolean =>
    compiler.isImportTypeNode(node) ||
    compiler.isBlock(node) ||
    compiler.isTemplateLiteral(node) ||
    (compiler.isVariableDeclaration(node) && node.initializer !== undefined) ||
    (compiler.forEachChild(node, (child) => isMore(child) || undefined) ?? false);
  return isMore(root);
};
