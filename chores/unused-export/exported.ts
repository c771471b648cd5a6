// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { parseSource } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** A statement with `export` in front: the names it declares, and where the word and the blank after it stand. */
export type ExportedStatement = {
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
};

/** The statements of a module that export what they declare by name. */
export const exportedIn = (
  compiler: Compiler,
  path: string,
  text: string,
): readonly ExportedStatement[] => {
  const file = parseSource(compiler, path, text);
  return file.statements.flatMap((statement) => {
    const modifiers = compiler.canHaveModifiers(statement)
      ? (compiler.getModifiers(statement) ?? [])
      : [];
    const word = modifiers.find(({ kind }) => kind === compiler.SyntaxKind.ExportKeyword);
    const isDefault = modifiers.some(({ kind }) => kind === compiler.SyntaxKind.DefaultKeyword);
    const names = namesOf(compiler, statement);
    if (!word || isDefault || names.length === 0) return [];
    const [blank = ''] = /^[ \t]*/.exec(text.slice(word.end)) ?? [];
    return [{ names, start: word.getStart(file), end: word.end + blank.length }];
  });
};

const namesOf = (compiler: Compiler, statement: ts.Statement): readonly string[] => {
  if (compiler.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundIn(compiler, name));
  const isNamed =
    compiler.isFunctionDeclaration(statement) ||
    compiler.isClassDeclaration(statement) ||
    compiler.isInterfaceDeclaration(statement) ||
    compiler.isTypeAliasDeclaration(statement) ||
    compiler.isEnumDeclaration(statement);
  return isNamed && statement.name ? [statement.name.text] : [];
};

const boundIn = (compiler: Compiler, name: ts.BindingName): readonly string[] =>
  compiler.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((one) =>
        compiler.isOmittedExpression(one) ? [] : boundIn(compiler, one.name),
      );

/** Whether a text is a module: a file without imports and exports shares its names with all others. */
export const isModuleText = (compiler: Compiler, path: string, text: string): boolean =>
  compiler.isExternalModule(parseSource(compiler, path, text));
