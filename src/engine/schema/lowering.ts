// SPDX-License-Identifier: GPL-3.0-only
import type { Abilities } from './abilities.ts';
import type { Keywords, Schema } from './keywords.ts';

/** What the parts of the walk share. */
export type Lowering = {
  readonly abilities: Abilities;
  readonly lower: (schema: Schema, pointer: string) => Keywords | false;
  /** Any JSON value. */
  readonly any: () => Keywords;
  readonly drop: (pointer: string, keyword: string) => void;
  readonly tighten: (pointer: string, keyword: string) => void;
};
