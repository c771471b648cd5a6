// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { parseSource } from '../../src/code/syntax.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';

/** The word `export` before a declaration, with the blanks behind it, and the names it is for. */
export type ExportWord = {
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
};

/** Every such word at the top of a module. */
export const exportWords = (path: string, text: string): readonly ExportWord[] => {
  const compiler = loadTypeScript();
  const file = parseSource(compiler, path, text);
  const words: ExportWord[] = [];
  for (const statement of file.statements) {
    const children = statement.getChildren(file);
    const first = children.find(({ kind }) => kind === compiler.SyntaxKind.SyntaxList);
    const [word, next] = (first?.getChildren(file) ?? []).filter(
      ({ kind }) => kind !== compiler.SyntaxKind.Decorator,
    );
    if (word?.kind !== compiler.SyntaxKind.ExportKeyword) continue;
    if (next?.kind === compiler.SyntaxKind.DefaultKeyword) continue;
    const names = declared(compiler, statement);
    let end = word.end;
    while (text[end] === ' ' || text[end] === '\t') end += 1;
    if (names.length > 0) words.push({ names, start: word.getStart(file), end });
  }
  return words;
};

const declared = (compiler: typeof ts, node: ts.Node): readonly string[] => {
  if (compiler.isVariableStatement(node))
    return node.declarationList.declarations.flatMap((one) => declared(compiler, one));
  if (compiler.isModuleDeclaration(node)) return [];
  const { name } = node as { readonly name?: ts.Node };
  if (!name) return [];
  if (compiler.isIdentifier(name)) return [name.text];
  return compiler.isObjectBindingPattern(name) || compiler.isArrayBindingPattern(name)
    ? name.elements.flatMap((one) => declared(compiler, one))
    : [];
};
