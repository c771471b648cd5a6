// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { coveredBy } from '../../../src/chore/patch.ts';
import type { Script } from '../../../src/chore/script.ts';
import { isDeclaration } from '../../../src/code/script-of.ts';
import { isTest } from '../../../src/code/syntax.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';
import type { FileUses } from './uses-in-file.ts';
import { moduleOf, type World } from './world.ts';

/** Files, each with what it says about the old name. */
export type FilesRead = ReadonlyMap<string, FileUses>;

/** The module that a rename means, or why it cannot be told. */
export const homeOf = (
  compiler: Compiler,
  files: FilesRead,
  word: string,
  within: readonly string[] | undefined,
  changed: (path: string) => boolean,
): { readonly home: string } | { readonly finding: string } => {
  const named = within !== undefined && within.length > 0;
  const covered = coveredBy(within);
  const declaring = [...files].filter(
    ([path, { declared }]) =>
      declared.some((node) => isDeclared(compiler, node)) &&
      (named ? covered(path) : !isTest(path) && !isDeclaration(path)),
  );
  const exported = declaring.filter(([, uses]) => isExported(uses, word));
  const candidates = (exported.length > 0 ? exported : declaring).map(([path]) => path);
  const modules = candidates.filter(
    (path) => !candidates.includes(moduleOf(path)) || moduleOf(path) === path,
  );
  const [only, ...others] = modules;
  if (only === undefined) return { finding: 'no module that is meant declares it' };
  if (others.length > 0) return { finding: `it could be that of any of ${modules.join(', ')}` };
  if (!changed(only)) return { finding: `its declaration in ${only} is not renamed` };
  if (!files.get(only)?.facts.isModule) return { finding: `${only} is not a module` };
  return { home: only };
};

/** What a rename can rename; an import or a part of a pattern only stands for something else. */
const isDeclared = (compiler: Compiler, node: ts.Node): boolean =>
  compiler.isVariableDeclaration(node) ||
  compiler.isFunctionDeclaration(node) ||
  compiler.isClassDeclaration(node) ||
  compiler.isInterfaceDeclaration(node) ||
  compiler.isTypeAliasDeclaration(node) ||
  compiler.isEnumDeclaration(node);

/** Whether types alone are declared: no value of a module has one. */
export const areTypes = (
  compiler: Compiler,
  homes: ReadonlySet<string>,
  files: FilesRead,
): boolean =>
  [...homes].every((home) =>
    (files.get(home)?.declared ?? []).every(
      (node) => compiler.isInterfaceDeclaration(node) || compiler.isTypeAliasDeclaration(node),
    ),
  );

const isExported = ({ facts }: FileUses, word: string): boolean =>
  [word, 'default'].some((name) => {
    const one = facts.exports.get(name);
    return one !== undefined && 'local' in one && one.local === word;
  });

/** With the types that are written by hand beside the module and beside those that hand it on. */
export function* withTypes(
  compiler: Compiler,
  home: string,
  files: FilesRead,
  paths: ReadonlySet<string>,
  world: World,
): Script<ReadonlySet<string>> {
  const homes = new Set([home]);
  for (const [path, { declared }] of files) {
    const module = moduleOf(path);
    if (module === path || !paths.has(module)) continue;
    if (!declared.some((node) => isDeclared(compiler, node))) continue;
    if (module === home || (yield* world.exportsTarget(module)) === true) homes.add(path);
  }
  return homes;
}
