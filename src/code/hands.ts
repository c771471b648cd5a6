// SPDX-License-Identifier: GPL-3.0-only
import type { Compiler } from '../data/load-typescript.ts';
import type { Asked } from '../spec/asked.ts';
import type { Spec } from '../spec/schema.ts';
import type { WorkingTree } from './working-tree.ts';

/** What a chore on code works with. */
export type CodeHands = {
  readonly tree: WorkingTree;
  readonly compiler: Compiler;
  readonly spec: Spec;
  /** Everything that the spec asks for. */
  readonly asked: readonly Asked[];
};
