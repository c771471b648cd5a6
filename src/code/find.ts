// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { Declined, type Script } from '../chore/script.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { compileScope } from '../spec/scope.ts';
import { kindOf } from './other-kinds.ts';
import { isDeclaration, isSource } from './script-of.ts';
import { type Declared, declarationsOf, isTest, parseSource } from './syntax.ts';
import type { WorkingTree } from './working-tree.ts';

/** The listed path a sentence means: exact, or the only one that ends in it. */
export function* findPath(tree: WorkingTree, said: string): Script<string> {
  const files = yield* tree.files();
  if (files.includes(said)) return said;
  const ending = files.filter((path) => path.endsWith(`/${said}`));
  const [only, ...others] = ending;
  if (only === undefined) throw new Declined(`there is no file ${said} in the scope or context`);
  if (others.length > 0) throw new Declined(`${said} could be any of ${ending.join(', ')}`);
  return only;
}

export type DeclaringModule = { readonly path: string; readonly declared: readonly Declared[] };

/** The modules that declare a name at their top level; test files and `.d.ts` only if named. */
function* findDeclaring(
  compiler: Compiler,
  tree: WorkingTree,
  name: string,
  within: readonly string[],
): Script<readonly DeclaringModule[]> {
  const inside = within.length === 0 ? undefined : compileScope(within);
  const modules: DeclaringModule[] = [];
  for (const path of yield* tree.containing(name)) {
    if (!isSource(path) || (inside ? !inside(path) : isTest(path) || isDeclaration(path))) continue;
    const module = yield* findIn(compiler, tree, path, name);
    if (module) modules.push(module);
  }
  return modules;
}

/** `const x = require('x')` takes a name and declares none. */
const isRequired = (compiler: Compiler, node: ts.Declaration): boolean =>
  compiler.isVariableDeclaration(node) && /^require\(/u.test(node.initializer?.getText() ?? '');

/** What a module declares by this name at its top level; `undefined` where it is nothing. */
export function* findIn(
  compiler: Compiler,
  tree: WorkingTree,
  path: string,
  name: string,
): Script<DeclaringModule | undefined> {
  const file = parseSource(compiler, path, yield* tree.read(path));
  const declared = declarationsOf(compiler, file).filter(
    (one) => one.name === name && !isRequired(compiler, one.node),
  );
  return declared.length > 0 ? { path, declared } : undefined;
}

/** The one module that declares a name, exported ones first. @throws Declined on none or several. */
export function* findOne(
  compiler: Compiler,
  tree: WorkingTree,
  name: string,
  within: readonly string[],
): Script<DeclaringModule> {
  const all = yield* findDeclaring(compiler, tree, name, within);
  const exported = all.filter(({ declared }) => declared.some((one) => one.exported !== 'no'));
  const candidates = exported.length > 0 ? exported : all;
  const [only, ...others] = candidates;
  if (!only) {
    const kind = yield* kindOf(compiler, tree, name);
    throw new Declined(
      kind === undefined
        ? `nothing in the scope declares \`${name}\` at the top of a module`
        : `\`${name}\` is ${kind}; rules work on what a module declares at its top`,
    );
  }
  if (others.length > 0) {
    const places = candidates.map(({ path }) => path).join(', ');
    throw new Declined(`\`${name}\` is declared in ${places}; name the file that is meant`);
  }
  return only;
}
