// SPDX-License-Identifier: GPL-3.0-only
import { compileScope } from '../../../src/spec/scope.ts';
import type { Plan } from './plan-chores.ts';
import { isSource } from './syntax.ts';
import { Declined, type Script } from './tool-script.ts';
import type { WorkingTree } from './working-tree.ts';

/** Checks the finished work against the sentences that bound it. @throws Declined where one is not met. */
export function* checkBounds(tree: WorkingTree, { absent }: Plan): Script<void> {
  for (const { name, files } of absent) {
    const inside = files.length === 0 ? isSource : compileScope(files);
    const word = new RegExp(
      `(?<![\\p{ID_Continue}$])${name.replaceAll('$', '\\$')}(?![\\p{ID_Continue}$])`,
      'u',
    );
    for (const path of (yield* tree.containing(name)).filter(inside)) {
      const text = yield* tree.read(path);
      const at = text.search(word);
      if (at === -1) continue;
      const line = text.slice(0, at).split('\n').length;
      throw new Declined(`\`${name}\` would still be in ${path}:${line}`);
    }
  }
}
