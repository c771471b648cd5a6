// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { openChores } from '../../src/chore/chores.ts';
import type { Arguments } from '../../src/spec/asked.ts';

/** A chore with its arguments beside it. */
export type Said = { readonly chore: string } & Arguments;

/** Each of the sentences asks for this alone. */
export const reads = test.macro((t, said: Said | undefined, ...sentences: readonly string[]) => {
  const { chore = '', ...args } = said ?? {};
  for (const sentence of sentences)
    t.deepEqual(openChores().read(sentence), said && [{ chore, args }], sentence);
});
