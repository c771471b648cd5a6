// SPDX-License-Identifier: GPL-3.0-only
import { compileScope } from '../../../src/spec/scope.ts';
import { namePlaces } from './mentions.ts';
import type { Plan } from './plan-chores.ts';
import { Declined, type Script } from './tool-script.ts';
import type { WorkingTree } from './working-tree.ts';

/** Checks the finished work against the sentences that bound it. @throws Declined where one is not met. */
export function* checkBounds(
  tree: WorkingTree,
  { absent }: Plan,
  scope: readonly string[],
): Script<void> {
  for (const { name, files } of absent) {
    const inside = compileScope(files.length === 0 ? scope : files);
    const places = (yield* tree.places(name)).filter(({ path }) => inside(path));
    if (places.length > 0)
      throw new Declined(`\`${name}\` would still be in ${namePlaces(places).join(', ')}`);
  }
}
