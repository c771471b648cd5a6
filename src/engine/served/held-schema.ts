// SPDX-License-Identifier: GPL-3.0-only
import type { CompletionRequest, Constraint } from '../contract/engine.ts';
import type { Abilities } from '../schema/abilities.ts';
import { type Lowered, lowerSchema } from '../schema/lower-schema.ts';

/** Lowers each schema once: the same one goes with every request of an agent. */
export const openLowering = (
  abilities: Abilities,
): ((schema: CompletionRequest['schema']) => Lowered) => {
  const known = new WeakMap<CompletionRequest['schema'], Lowered>();
  return (schema) => {
    const lowered = known.get(schema) ?? lowerSchema(schema, abilities);
    known.set(schema, lowered);
    return lowered;
  };
};

/** How an answer was held; an answer that was not begun as the request wanted says so. */
export const constraintOf = ({ lowered }: Lowered, leftOut: boolean): Constraint => ({
  kind: 'json-schema',
  lowered: leftOut ? [...lowered, ' prefill'] : lowered,
});
