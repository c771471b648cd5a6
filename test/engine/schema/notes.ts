// SPDX-License-Identifier: GPL-3.0-only
import type { ConstraintNotes } from '../../../src/engine/contract/engine.ts';

/** What was dropped and what was tightened, a line each. */
export const notesOf = ({ dropped, tightened }: ConstraintNotes): readonly string[] => [
  ...dropped.map(({ pointer, keyword }) => `${pointer} ${keyword}`),
  ...tightened.map(({ pointer, keyword }) => `${pointer} ${keyword} tightened`),
];
