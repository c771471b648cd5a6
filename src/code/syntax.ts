// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { Declined } from '../chore/script.ts';
import type { Compiler } from '../data/load-typescript.ts';

/** By its folder or its name: a test. */
export const isTest = (path: string): boolean =>
  /(?:^|\/)(?:tests?|__tests__|spec)\/|[.-](?:test|spec)\.[cm]?[jt]sx?$/u.test(path);

/** A course of calls is gone through again for each answer, mostly over the same texts. */
const parsed = new Map<string, ts.SourceFile>();
const maxParsed = 400;

/** A file's syntax tree with parents set. @throws Declined when the compiler cannot parse it. */
export const parseSource = (compiler: Compiler, path: string, text: string): ts.SourceFile => {
  const cached = parsed.get(path);
  if (cached?.text === text) return cached;
  const file = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true);
  const { parseDiagnostics = [] } = file as { parseDiagnostics?: readonly ts.Diagnostic[] };
  const [first] = parseDiagnostics;
  if (first) {
    const line = file.getLineAndCharacterOfPosition(first.start ?? 0).line + 1;
    const what = compiler.flattenDiagnosticMessageText(first.messageText, ' ');
    throw new Declined(`${path}:${line} does not parse (${what})`);
  }
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(path, file);
  return file;
};

/** A name declared at the top level of a module. */
export type Declared = {
  readonly name: string;
  /** The whole statement: where a doc comment or `export` belongs. */
  readonly statement: ts.Statement;
  readonly node: ts.Declaration;
  readonly exported: 'named' | 'default' | 'no';
  readonly typeOnly: boolean;
};

/** Every name declared at the top level, overloads and merged declarations each. */
export const declarationsOf = (compiler: Compiler, file: ts.SourceFile): readonly Declared[] => {
  const listed = localExports(compiler, file);
  return file.statements.flatMap((statement): readonly Declared[] => {
    const flags = compiler.canHaveModifiers(statement)
      ? (compiler.getModifiers(statement) ?? []).map(({ kind }) => kind)
      : [];
    const byModifier = flags.includes(compiler.SyntaxKind.DefaultKeyword)
      ? 'default'
      : flags.includes(compiler.SyntaxKind.ExportKeyword)
        ? 'named'
        : 'no';
    const declare = (node: ts.Declaration, name: string): Declared => ({
      name,
      statement,
      node,
      exported: byModifier === 'no' && listed.has(name) ? 'named' : byModifier,
      typeOnly: compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node),
    });
    if (compiler.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap((node) =>
        compiler.isIdentifier(node.name) ? [declare(node, node.name.text)] : [],
      );
    }
    if (
      compiler.isFunctionDeclaration(statement) ||
      compiler.isClassDeclaration(statement) ||
      compiler.isInterfaceDeclaration(statement) ||
      compiler.isTypeAliasDeclaration(statement) ||
      compiler.isEnumDeclaration(statement)
    ) {
      return statement.name ? [declare(statement, statement.name.text)] : [];
    }
    return [];
  });
};

/** Names a module exports through `export { name }` without `from` and without another name. */
const localExports = (compiler: Compiler, file: ts.SourceFile): ReadonlySet<string> =>
  new Set(
    file.statements
      .filter(compiler.isExportDeclaration)
      .filter(({ moduleSpecifier }) => !moduleSpecifier)
      .flatMap(({ exportClause }) =>
        exportClause && compiler.isNamedExports(exportClause) ? [...exportClause.elements] : [],
      )
      .flatMap(({ name, propertyName }) => (propertyName ? [] : [name.text])),
  );

/** Whether an import names a file beside it and no package. */
export const isRelative = (specifier: string): boolean => /^\.{1,2}(?:\/|$)/u.test(specifier);

/** How relative imports end in this text: `.ts`, `.js` or nothing; `undefined` where none shows. */
export const importEnding = (compiler: Compiler, file: ts.SourceFile): string | undefined => {
  const specifier = specifiersOf(compiler, file).find(isRelative);
  return specifier === undefined ? undefined : (/\.[cm]?[jt]sx?$/u.exec(specifier)?.[0] ?? '');
};

/** The module specifiers of a file's import and export statements. */
const specifiersOf = (compiler: Compiler, file: ts.SourceFile): readonly string[] =>
  file.statements.flatMap((statement) =>
    (compiler.isImportDeclaration(statement) || compiler.isExportDeclaration(statement)) &&
    statement.moduleSpecifier &&
    compiler.isStringLiteral(statement.moduleSpecifier)
      ? [statement.moduleSpecifier.text]
      : [],
  );

/** A relative specifier for `to` as seen from `from`, with its ending changed to `ending`. */
export const specifierFor = (from: string, to: string, ending: string): string => {
  const path = posix.relative(posix.dirname(from), to);
  const [, kind = ''] = /\.([cm]?)[jt]sx?$/u.exec(path) ?? [];
  const shown = ending === '' ? '' : ending.replace(/^\.[cm]?/u, `.${kind}`);
  const stem = path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/u, '');
  const tsx = /x$/u.test(path) && shown === '.ts' ? '.tsx' : shown;
  return `${path.startsWith('.') ? '' : './'}${stem}${tsx}`;
};

/** Which quote character and statement ending a file's imports and exports use. */
export const styleOf = (
  compiler: Compiler,
  file: ts.SourceFile,
): { readonly quote: string; readonly end: string } => {
  const plain = file.statements.filter(
    (one) =>
      compiler.isImportDeclaration(one) ||
      compiler.isExportDeclaration(one) ||
      compiler.isVariableStatement(one) ||
      compiler.isTypeAliasDeclaration(one) ||
      compiler.isExpressionStatement(one),
  );
  const texts = plain.map((one) => one.getText(file));
  const bare = texts.filter((text) => !text.endsWith(';')).length;
  const [first = file.text] = texts.filter((text) => /["']/u.test(text));
  const quote = /["']/u.exec(first)?.[0] ?? "'";
  return { quote, end: bare > texts.length / 2 ? '' : ';' };
};
