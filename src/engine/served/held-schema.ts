// SPDX-License-Identifier: GPL-3.0-only
import { memoiseByObject } from '../../data/memoise.ts';
import type { CompletionRequest, Constraint, ConstraintNotes } from '../contract/engine.ts';
import type { Abilities } from '../schema/abilities.ts';
import { lowerSchema } from '../schema/lower-schema.ts';

/** Lowers each schema once: the same one goes with every request of an agent. */
export const openLowering = (abilities: Abilities) =>
  memoiseByObject((schema: CompletionRequest['schema']) => lowerSchema(schema, abilities));

/** How an answer was held, and what became of the beginning that the request asked for. */
export const constraintOf = (
  { dropped, tightened }: ConstraintNotes,
  prefill: Constraint['prefill'],
): Constraint => ({
  kind: 'json-schema',
  dropped,
  tightened,
  ...(prefill && { prefill }),
});
