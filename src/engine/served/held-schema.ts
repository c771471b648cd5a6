// SPDX-License-Identifier: GPL-3.0-only
import type { CompletionRequest, Constraint } from '../contract/engine.ts';
import type { Abilities } from '../schema/abilities.ts';
import { type Lowered, lowerSchema } from '../schema/lower-schema.ts';

/** Lowers each schema once: the same one goes with every request of an agent. */
export const openLowering = (
  abilities: Abilities,
): ((schema: CompletionRequest['schema']) => Lowered) => {
  const cache = new WeakMap<CompletionRequest['schema'], Lowered>();
  return (schema) => {
    const lowered = cache.get(schema) ?? lowerSchema(schema, abilities);
    cache.set(schema, lowered);
    return lowered;
  };
};

/** How an answer was held, and what became of the beginning that the request asked for. */
export const constraintOf = (
  { dropped, tightened }: Lowered,
  prefill: Constraint['prefill'],
): Constraint => ({
  kind: 'json-schema',
  dropped,
  tightened,
  ...(prefill && { prefill }),
});
