// SPDX-License-Identifier: GPL-3.0-only

import { isDeclaration } from '../../../src/code/script-of.ts';
import { declarationsOf, isTest, parseSource } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import { selectPaths } from '../../../src/spec/scope.ts';

/** The module that declares a word, with the types written beside it; or why there is not one. */
export const declaringModules = (
  compiler: Compiler,
  texts: ReadonlyMap<string, string>,
  among: readonly string[],
  word: string,
  within: readonly string[],
): readonly string[] | string => {
  const declaring = among.flatMap((path) => {
    const text = texts.get(path);
    if (text === undefined) return [];
    const file = parseSource(compiler, path, text);
    const declared = declarationsOf(compiler, file).filter(({ name }) => name === word);
    return declared.length > 0
      ? [{ path, file, exported: declared.some(({ exported }) => exported !== 'no') }]
      : [];
  });
  const paths = declaring.map(({ path }) => path).sort();
  const meant =
    within.length > 0
      ? selectPaths(paths, within)
      : paths.filter((path) => !isTest(path) && !isDeclaration(path));
  const ranked = declaring.filter(({ path }) => meant.includes(path));
  const exported = ranked.filter((one) => one.exported);
  const best = exported.length > 0 ? exported : ranked;
  const modules = best.filter(
    ({ path }) => !best.some((one) => one.path !== path && typesOf(one.path) === path),
  );
  const [only, ...others] = modules;
  if (!only) return `no module that is meant declares \`${word}\``;
  if (others.length > 0)
    return `\`${word}\` is declared in ${modules.map(({ path }) => path).join(', ')}`;
  if (!compiler.isExternalModule(only.file)) return `${only.path} is no module`;
  const types = typesOf(only.path);
  return types !== only.path && paths.includes(types) ? [only.path, types] : [only.path];
};

const typesOf = (path: string): string => path.replace(/\.([cm]?)jsx?$/u, '.d.$1ts');

/** With the types that are written by hand beside modules which hand the word on. */
export const withTypes = (
  compiler: Compiler,
  texts: ReadonlyMap<string, string>,
  homes: readonly string[],
  exporters: ReadonlySet<string>,
  word: string,
): readonly string[] => {
  const beside = [...exporters].map(typesOf).filter((path) => {
    const text = texts.get(path);
    if (homes.includes(path) || text === undefined) return false;
    const declared = declarationsOf(compiler, parseSource(compiler, path, text));
    return declared.some(({ name }) => name === word);
  });
  return [...homes, ...beside];
};

/** Whether a file exports something by a word, or something that is called so in it. */
export const mayExport = (
  compiler: Compiler,
  path: string,
  text: string,
  word: string,
): boolean => {
  const file = parseSource(compiler, path, text);
  const declared = declarationsOf(compiler, file).filter(({ name }) => name === word);
  const listed = file.statements.some(
    (one) =>
      (compiler.isExportDeclaration(one) || compiler.isExportAssignment(one)) &&
      new Set(one.getText(file).match(/[\p{ID_Continue}$]+/gu)).has(word),
  );
  return listed || declared.some(({ exported }) => exported !== 'no');
};
