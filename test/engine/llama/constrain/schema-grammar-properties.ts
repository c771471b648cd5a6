// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { parseAnswer } from '../../../../src/agent/read-envelope.ts';
import type { Json } from '../../../../src/data/digest.ts';
import {
  type AnswerState,
  advanceBytes,
  isAnswerOver,
  startState,
  stepByte,
} from '../../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../../src/engine/llama/constrain/schema-grammar.ts';
import { llamaAbilities } from '../../../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../../../src/engine/schema/lower-schema.ts';
import { createNormal } from '../../../tiny-model/random.ts';
import { isValid } from '../../schema/is-valid.ts';
import { schemas, valuesOf } from '../../schema/schema-arbitrary.ts';

const resolver = (root: Keywords) => (reference: string) =>
  (root.$defs as Keywords)[reference.slice('#/$defs/'.length)] as Json;

/** Lengths are in UTF-16 units here and in characters for the judge. */
const isPaired = (text: string): boolean => /[\u{10000}-\u{10ffff}]/u.test(text);

/** Members of an alternative, and the names of a record, may want another order or be too long. */
const isOpen = (schema: Json): boolean =>
  /"anyOf":\[.*"properties"|"additionalProperties":\{/.test(JSON.stringify(schema));

test('every value of a lowered schema can be written', (t) => {
  let written = 0;
  fc.assert(
    fc.property(
      schemas
        .map((schema) => lowerSchema(schema, llamaAbilities).schema)
        .chain((schema) =>
          fc.record({ schema: fc.constant(schema), value: valuesOf(schema, resolver(schema)) }),
        ),
      ({ schema, value }) => {
        const text = JSON.stringify(value);
        if (isOpen(schema) || isPaired(text) || !isValid(schema, value)) return;
        written += 1;
        const bytes = Buffer.from(text);
        const { state, used } = advanceBytes(startState(schemaGrammar(schema).grammar), bytes);
        if (used < bytes.length || !state.done) throw new Error(`refuses ${text} at ${used}`);
      },
    ),
    { numRuns: 200 },
  );
  t.true(written > 60, `${written} of 200 values were valid`);
});

/** An answer of random bytes, each of which can come. */
const wander = (start: AnswerState, random: () => number): string | undefined => {
  const bytes: number[] = [];
  let state = start;
  while (!isAnswerOver(state) && bytes.length < 800) {
    if (state.done && random() > 0.5) break;
    // Ends are tried first, often, so that walks end.
    const ends = random() > 0.5 ? [0x22, 0x5d, 0x7d] : [];
    const offset = Math.floor(random() * 256);
    const moved = [...ends, ...Array.from({ length: 256 }, (_, n) => (n * 77 + offset) % 256)]
      .values()
      .map((byte) => [byte, stepByte(state, byte)] as const)
      .find(([, next]) => next);
    if (!moved?.[1]) throw new Error(`nothing can follow ${Buffer.from(bytes)}`);
    bytes.push(moved[0]);
    state = moved[1];
  }
  return state.done ? Buffer.from(bytes).toString() : undefined;
};

/** A name that is written twice is one member, and keeps none of two promises. */
const namesTwice = (text: string, value: Json): boolean => {
  const members = (json: string) => json.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length;
  return members(text) !== members(JSON.stringify(value));
};

test('whatever is written is valid', (t) => {
  let ended = 0;
  fc.assert(
    fc.property(schemas, fc.nat(), (schema, seed) => {
      const normal = createNormal(seed);
      const random = (): number => Math.abs(normal() * 7.3) % 1;
      const { schema: lowered, dropped } = lowerSchema(schema, llamaAbilities);
      const text = wander(startState(schemaGrammar(schema).grammar), random);
      if (text === undefined) return;
      ended += 1;
      const value = JSON.parse(text) as Json;
      const loose = dropped.some(({ keyword }) => keyword === 'additionalProperties');
      if (loose || isPaired(text) || namesTwice(text, value)) return;
      if ('reason' in parseAnswer(`{"value":${text}}`)) return;
      if (!isValid(lowered, value)) throw new Error(`writes ${text}`);
    }),
    { numRuns: 100 },
  );
  t.true(ended > 50, `${ended} of 100 walks ended`);
});
