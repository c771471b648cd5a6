// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import ts from 'typescript';
import type { Files } from './drive.ts';

const root = '/corpus/';

/** The compiler's own language service over files in memory, with its own module resolution. */
export const openService = (files: Files): ts.LanguageService => {
  const texts = new Map(Object.entries(files).map(([path, text]) => [root + path, text]));
  const folders = new Set([...texts.keys()].flatMap(parents));
  const options: ts.CompilerOptions = {
    noLib: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    types: [],
    target: ts.ScriptTarget.Latest,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
  };
  return ts.createLanguageService({
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...texts.keys()].filter((path) => !path.endsWith('.json')),
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: () => 'lib.d.ts',
    fileExists: (path) => texts.has(path),
    readFile: (path) => texts.get(path),
    directoryExists: (path) => folders.has(path.replace(/\/$/u, '')),
    getDirectories: () => [],
  });
};

const parents = (path: string): readonly string[] =>
  path === '/' ? [] : [posix.dirname(path), ...parents(posix.dirname(path))];

export const inRoot = (path: string): string => root + path;
export const fromRoot = (path: string): string => path.slice(root.length);

export type Exported = {
  readonly name: string;
  readonly path: string;
  /** Offset of the declared name. */
  readonly at: number;
  readonly isType: boolean;
  readonly documented: boolean;
};

/** What a module declares with `export` in front of it, by its syntax. */
export const exportedIn = (path: string, text: string): readonly Exported[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement): readonly Exported[] => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const kinds = new Set(modifiers.map(({ kind }) => kind));
    if (!kinds.has(ts.SyntaxKind.ExportKeyword) || kinds.has(ts.SyntaxKind.DefaultKeyword))
      return [];
    const documented = ts.getJSDocCommentsAndTags(statement).length > 0;
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name)
      : [(statement as ts.FunctionDeclaration).name];
    return names.flatMap((name) =>
      name && ts.isIdentifier(name)
        ? [{ name: name.text, path, at: name.getStart(file), isType, documented }]
        : [],
    );
  });
};

/** A module's exports with the file that declares each, by the type checker. */
export const exportsOf = (files: Files, index: string): ReadonlyMap<string, string> => {
  const program = openService(files).getProgram();
  const file = program?.getSourceFile(inRoot(index));
  const checker = program?.getTypeChecker();
  const module = file && checker?.getSymbolAtLocation(file);
  if (!checker || !module) return new Map();
  return new Map(
    checker.getExportsOfModule(module).map((symbol) => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, fromRoot(real.declarations?.[0]?.getSourceFile().fileName ?? '')];
    }),
  );
};

/** The tokens of a source without white space and comments. */
export const tokensOf = (path: string, text: string): readonly string[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length === 0 && node.getEnd() > node.getStart(file))
      tokens.push(node.getText(file));
    for (const child of children) visit(child);
  };
  visit(file);
  return tokens;
};

/** Messages of the parser on a source. */
export const syntaxErrors = (path: string, text: string): number => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return (file as { parseDiagnostics?: readonly ts.Diagnostic[] }).parseDiagnostics?.length ?? 0;
};
