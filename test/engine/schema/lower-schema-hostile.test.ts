// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { advanceBytes, startState } from '../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../src/engine/llama/constrain/schema-grammar.ts';
import { compactAbilities, ollamaAbilities } from '../../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { notesOf } from './notes.ts';

test('objects within one another are held as deep as an answer can nest, and that is told', (t) => {
  const schema = Array.from({ length: 5000 }).reduce<Keywords>(
    (inner) => ({ type: 'object', properties: { a: inner }, required: ['a'] }),
    { type: 'integer' },
  );
  for (const abilities of [compactAbilities, ollamaAbilities]) {
    t.true(lowerSchema(schema, abilities).dropped.some(({ keyword }) => keyword === 'properties'));
  }
});

test('lists of names within one another are held as far as it goes, and that is told', (t) => {
  const names = Array.from({ length: 5000 }, (_, index) => `n${index}`);
  const record = (additionalProperties: Keywords): Keywords => ({
    type: 'object',
    propertyNames: { enum: names },
    additionalProperties,
  });
  const { dropped } = lowerSchema(record(record({ type: 'null' })), compactAbilities);
  t.deepEqual(notesOf({ dropped, tightened: [] }).toSorted(), [
    '/additionalProperties additionalProperties',
    '/additionalProperties propertyNames',
    '/additionalProperties type',
    '/additionalProperties/additionalProperties type',
  ]);
});

test('a reference that is not an address is a name like any other', (t) => {
  const schema = { $ref: '#/$defs/100%', $defs: { '100%': { type: 'null' } } };
  const { schema: lowered } = lowerSchema(schema, compactAbilities);
  t.deepEqual(lowered, { $ref: '#/$defs/100_', $defs: { '100_': { type: 'null' } } });
});

const circles: Readonly<Record<string, Keywords>> = {
  itself: { $ref: '#' },
  'a choice of itself': { anyOf: [{ $ref: '#' }, { type: 'string' }] },
};

for (const [what, schema] of Object.entries(circles)) {
  test(`a schema that is ${what} is refused, and not followed for ever`, (t) => {
    t.throws(() => startState(schemaGrammar(schema).grammar), {
      instanceOf: EngineFault,
      message: /circles/,
    });
  });
}

test('a pattern costs nothing: its text is free', (t) => {
  const { grammar, dropped } = schemaGrammar({ type: 'string', pattern: '^[^\\n]{1,100}$' });
  t.deepEqual(dropped, [{ pointer: '', keyword: 'pattern' }]);
  const { state } = advanceBytes(startState(grammar), Buffer.from('"ab'));
  t.is(state.threads.length, 2, 'one way to go on within the text, and its end');
});
