// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined } from '../../src/chore/script.ts';
import type { TextEdit } from '../../src/code/edits.ts';
import { nodesOf } from '../../src/code/nodes.ts';
import { declarationsOf } from '../../src/code/syntax.ts';
import type { Compiler } from '../../src/data/load-typescript.ts';

type Facts = {
  readonly compiler: Compiler;
  readonly program: ts.Program;
  readonly from: string;
};

/** Where what is renamed is declared, and the modules that export it under its name. */
export const targetsOf = (
  facts: Facts,
  home: ts.SourceFile,
): { readonly declarations: ReadonlySet<ts.Node>; readonly exporters: ReadonlySet<string> } => {
  const { compiler, program, from } = facts;
  const own = declaredAs(compiler, home, from);
  const exporters = exportersOf(facts, own);
  // The types that are written by hand beside a module belong to it.
  const types = program
    .getSourceFiles()
    .filter(({ fileName }) => [...exporters, home.fileName].includes(moduleOfTypes(fileName)));
  const declarations = new Set([
    ...own,
    ...types.flatMap((file) => [...declaredAs(compiler, file, from)]),
  ]);
  return { declarations, exporters };
};

const declaredAs = (compiler: Compiler, file: ts.SourceFile, from: string): ReadonlySet<ts.Node> =>
  new Set(
    declarationsOf(compiler, file)
      .filter(({ name }) => name === from)
      .map(({ node }) => node),
  );

const exportersOf = (
  { compiler, program, from }: Facts,
  declarations: ReadonlySet<ts.Node>,
): ReadonlySet<string> => {
  const checker = program.getTypeChecker();
  const exporters = program.getSourceFiles().filter((file) => {
    const module = checker.getSymbolAtLocation(file);
    const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === from);
    return symbol && isOneOf(compiler, checker, symbol, declarations);
  });
  return new Set(exporters.map(({ fileName }) => fileName));
};

/** `x.js` of `x.d.ts`. */
const moduleOfTypes = (path: string): string => path.replace(/\.d\.([cm]?)ts$/u, '.$1js');

/** @throws Declined where of a module and the types beside it only one would change. */
export const refuseHalf = (
  compiler: Compiler,
  program: ts.Program,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  from: string,
): void => {
  for (const { fileName: types } of program.getSourceFiles()) {
    const module = moduleOfTypes(types);
    const code = module === types ? undefined : program.getSourceFile(module);
    if (!code || edits.has(types) === edits.has(module)) continue;
    const left = edits.has(types) ? module : types;
    const file = program.getSourceFile(left);
    if (!file || !isInCode(compiler, file, from)) continue;
    throw new Declined(
      `${types} has the types of ${module}, and \`${from}\` cannot be followed in ${left}`,
    );
  }
};

const isInCode = (compiler: Compiler, file: ts.SourceFile, word: string): boolean =>
  nodesOf(compiler, file).some(
    (node) =>
      compiler.isIdentifier(node) &&
      node.text === word &&
      !compiler.findAncestor(node, compiler.isJSDoc),
  );

/** Whether a symbol, or what an import makes it stand for, is declared in one of these places. */
export const isOneOf = (
  compiler: Compiler,
  checker: ts.TypeChecker,
  symbol: ts.Symbol,
  declarations: ReadonlySet<ts.Node>,
): boolean => {
  const real =
    symbol.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return [...(real.declarations ?? []), ...(symbol.declarations ?? [])].some((one) =>
    declarations.has(one),
  );
};
