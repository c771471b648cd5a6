// SPDX-License-Identifier: GPL-3.0-only

import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { selectPaths } from '../../src/spec/scope.ts';

type Args = { readonly name: string; readonly files?: readonly string[] };

/** Cuts each text into words: the name must be none of them. */
export const redo: Judge<Args> = function* ({ name, files }, { spec, containing, read }) {
  const left: string[] = [];
  for (const path of selectPaths(yield* containing(name), files ?? spec.scope)) {
    if (!coveredBy(spec.scope)(path)) continue;
    const words = new Set(((yield* read(path)) ?? '').match(/[\p{ID_Continue}$]+/gu));
    if (words.has(name)) left.push(path);
  }
  return { findings: left.map((path) => `${path}: the word \`${name}\` occurs`) };
};
