// SPDX-License-Identifier: GPL-3.0-only
import type { ConstraintNotes } from '../../contract/engine.ts';
import { compactGrammar } from '../../grammar/compact-grammar.ts';
import { llamaAbilities } from '../../schema/abilities.ts';
import type { Schema } from '../../schema/keywords.ts';
import { lowerSchema } from '../../schema/lower-schema.ts';
import { type ByteGrammar, byteGrammar } from './byte-grammar.ts';

export type HeldSchema = ConstraintNotes & { readonly grammar: ByteGrammar };

/**
 * The compact JSON that a schema allows, to be read byte by byte; the notes say what is left
 * to the full schema, see `lowerSchema`.
 */
export const schemaGrammar = (schema: Schema): HeldSchema => {
  const { schema: lowered, ...notes } = lowerSchema(schema, llamaAbilities);
  return { grammar: byteGrammar(compactGrammar(lowered)), ...notes };
};
