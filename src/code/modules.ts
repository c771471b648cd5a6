// SPDX-License-Identifier: GPL-3.0-only

import type { Script } from '../chore/script.ts';
import { packagesByName } from '../code/foreign.ts';
import { type ModuleTarget, openResolver, type Resolve } from '../code/resolver.ts';
import type { Compiler } from '../data/load-typescript.ts';
import { tooMany, type WorkingTree } from './working-tree.ts';

const opened = new WeakMap<WorkingTree, Resolve>();

/** Where a specifier in a file leads, by the files that may be read. */
export function* resolveIn(
  compiler: Compiler,
  tree: WorkingTree,
  from: string,
  specifier: string,
): Script<ModuleTarget> {
  const resolve = opened.get(tree) ?? (yield* open(compiler, tree));
  opened.set(tree, resolve);
  const asking = resolve(from, specifier);
  let step = asking.next();
  while (!step.done) step = asking.next(yield* tree.read(step.value));
  return step.value;
}

/** The source that a specifier in a file leads to. */
export function* findModule(
  compiler: Compiler,
  tree: WorkingTree,
  from: string,
  specifier: string,
): Script<string | undefined> {
  const target = yield* resolveIn(compiler, tree, from, specifier);
  return typeof target === 'object' ? target.path : undefined;
}

function* open(compiler: Compiler, tree: WorkingTree): Script<Resolve> {
  const names = (yield* tree.lines('"name"', '**/package.json')) ?? tooMany('"name"');
  return openResolver(compiler, new Set(yield* tree.files()), packagesByName(names));
}
