// SPDX-License-Identifier: GPL-3.0-only

import type { Abilities } from './abilities.ts';
import type { Keywords, Schema } from './merge.ts';

/** What the parts of the walk share. */
export type Lowering = {
  readonly abilities: Abilities;
  /** Characters that an answer can hold; `undefined`: no bounds are added. */
  readonly budget: number | undefined;
  readonly lower: (schema: Schema, pointer: string) => Keywords | false;
  /** Any JSON value. */
  readonly any: () => Keywords;
  readonly drop: (pointer: string, keyword: string) => void;
  readonly tighten: (pointer: string, keyword: string) => void;
};
