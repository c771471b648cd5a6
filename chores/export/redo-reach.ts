// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Script } from '../../src/chore/script.ts';
import { followRelative, type ReadText } from '../../src/code/relative-modules.ts';
import { isSource } from '../../src/code/script-of.ts';
import { parseSource } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

/** What the compiler makes of a name that a module exports. */
export type Reached = {
  /** The modules that declare it. */
  readonly origins: readonly string[];
  readonly declaredAs: string;
  readonly isValue: boolean;
  /** Whether it comes as a type, be it a value or not. */
  readonly onlyType: boolean;
  /** The modules on the way, the first one left out. */
  readonly through: readonly string[];
};

const mostFiles = 250;

/** Lets the compiler follow an exported name through as many modules as it takes. */
export function* reach(
  compiler: Compiler,
  read: ReadText,
  path: string,
  name: string,
): Script<Reached | undefined> {
  const files = new Map<string, ts.SourceFile>();
  const links = new Map<string, string>();
  yield* gather({ compiler, read, files, links }, path, name);
  if (!files.has(path)) return undefined;
  const program = programOf(compiler, files, links);
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(path);
  const module = file && checker.getSymbolAtLocation(file);
  const symbol =
    module && checker.getExportsOfModule(module).find((one) => String(one.escapedName) === name);
  if (!symbol) return undefined;
  const isAlias = (symbol.flags & compiler.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarations = target.declarations ?? [];
  if (declarations.length === 0) return undefined;
  return {
    origins: [...new Set(declarations.map((one) => one.getSourceFile().fileName))],
    declaredAs: nameOf(compiler, declarations),
    isValue: (target.flags & compiler.SymbolFlags.Value) !== 0,
    onlyType: isOnlyType(compiler, checker, symbol),
    through: [...files.keys()].filter((one) => one !== path),
  };
}

const nameOf = (compiler: Compiler, declarations: readonly ts.Declaration[]): string => {
  const named = declarations.flatMap((one) => {
    const { name } = one as { readonly name?: ts.Node };
    return name && compiler.isIdentifier(name) ? [name.text] : [];
  });
  return named[0] ?? '';
};

/** Whether some statement on the way says `type`. */
const isOnlyType = (compiler: Compiler, checker: ts.TypeChecker, from: ts.Symbol): boolean => {
  const { getImmediateAliasedSymbol } = checker as ts.TypeChecker & {
    readonly getImmediateAliasedSymbol: (symbol: ts.Symbol) => ts.Symbol | undefined;
  };
  const seen = new Set<ts.Symbol>();
  for (let symbol: ts.Symbol | undefined = from; symbol && !seen.has(symbol); ) {
    seen.add(symbol);
    if (symbol.declarations?.some((one) => compiler.isTypeOnlyImportOrExportDeclaration(one))) {
      return true;
    }
    if ((symbol.flags & compiler.SymbolFlags.Alias) === 0) return false;
    symbol = getImmediateAliasedSymbol(symbol);
  }
  return false;
};

type Gathering = {
  readonly compiler: Compiler;
  readonly read: ReadText;
  readonly files: Map<string, ts.SourceFile>;
  /** Where specifiers lead, by `from specifier`. */
  readonly links: Map<string, string>;
};

/** The modules that a name may come through. */
function* gather(gathering: Gathering, path: string, name: string): Script<void> {
  const { compiler, read, files, links } = gathering;
  if (!isSource(path) || files.size > mostFiles) return;
  const text = yield* read(path);
  if (text === undefined) return;
  const isNew = !files.has(path);
  const file = files.get(path) ?? parseSource(compiler, path, text);
  files.set(path, file);
  const wanted = wantedOf(compiler, file, name);
  if (!isNew && wanted.every(({ specifier }) => links.has(`${path} ${specifier}`))) return;
  for (const { specifier, inner } of wanted) {
    const target = yield* followRelative(read, path, specifier);
    if (target === undefined) continue;
    links.set(`${path} ${specifier}`, target);
    yield* gather(gathering, target, inner);
  }
}

type Wanted = { readonly specifier: string; readonly inner: string };

const wantedOf = (compiler: Compiler, file: ts.SourceFile, name: string): readonly Wanted[] => {
  const locals = new Set([name]);
  const wanted: Wanted[] = [];
  for (const statement of file.statements.filter(compiler.isExportDeclaration)) {
    const { exportClause: clause, moduleSpecifier: from } = statement;
    const specifier = from && compiler.isStringLiteral(from) ? from.text : undefined;
    if (!clause) {
      if (specifier !== undefined) wanted.push({ specifier, inner: name });
    } else if (compiler.isNamedExports(clause)) {
      for (const one of clause.elements.filter((element) => element.name.text === name)) {
        const inner = (one.propertyName ?? one.name).text;
        if (specifier === undefined) locals.add(inner);
        else wanted.push({ specifier, inner });
      }
    }
  }
  for (const { importClause, moduleSpecifier } of file.statements.filter(
    compiler.isImportDeclaration,
  )) {
    if (!compiler.isStringLiteral(moduleSpecifier)) continue;
    const specifier = moduleSpecifier.text;
    const bound = importClause?.namedBindings;
    if (importClause?.name && locals.has(importClause.name.text))
      wanted.push({ specifier, inner: 'default' });
    if (!bound || !compiler.isNamedImports(bound)) continue;
    for (const one of bound.elements.filter((element) => locals.has(element.name.text)))
      wanted.push({ specifier, inner: (one.propertyName ?? one.name).text });
  }
  return wanted;
};

const programOf = (
  compiler: Compiler,
  files: ReadonlyMap<string, ts.SourceFile>,
  links: ReadonlyMap<string, string>,
): ts.Program => {
  const options: ts.CompilerOptions = {
    allowJs: true,
    noLib: true,
    types: [],
    target: compiler.ScriptTarget.Latest,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
  };
  const host: ts.CompilerHost = {
    // A file that is bound to one program is not to be used by another.
    getSourceFile: (path) => {
      const text = files.get(path)?.text;
      return text === undefined
        ? undefined
        : compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true);
    },
    getDefaultLibFileName: () => 'lib.d.ts',
    writeFile: () => {},
    getCurrentDirectory: () => '',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => files.has(path),
    readFile: (path) => files.get(path)?.text,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        const path = links.get(`${from} ${text}`);
        const extension = path === undefined ? undefined : /(?:\.d)?\.[^.]+$/u.exec(path)?.[0];
        return {
          resolvedModule:
            path === undefined || extension === undefined
              ? undefined
              : { resolvedFileName: path, extension, isExternalLibraryImport: false },
        };
      }),
  };
  return compiler.createProgram([...files.keys()], options, host);
};
