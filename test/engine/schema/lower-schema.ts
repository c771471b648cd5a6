// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileValidator } from '../../../src/agent/json-validator.ts';
import {
  type Abilities,
  compactAbilities,
  ollamaAbilities,
  vllmAbilities,
} from '../../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { each } from '../../each.ts';
import { notesOf } from './notes.ts';

const lowers = test.macro({
  title: (name) => name ?? '',
  exec: (
    t,
    abilities: Abilities,
    schema: Keywords,
    expected: Keywords,
    notes: readonly string[],
  ) => {
    const lowered = lowerSchema(schema, abilities);
    t.deepEqual(lowered.schema, expected);
    t.deepEqual(notesOf(lowered).toSorted(), notes.toSorted());
  },
});

const closed = { additionalProperties: false };
const nothing = { type: 'null' };

each(lowers, {
  'a keyword that only explains is left out without a word': [
    vllmAbilities,
    { type: 'string', title: 'T', description: 'd', default: 'x', examples: ['y'] },
    { type: 'string' },
    [],
  ],
  'xgrammar counts no characters: a string that it counts holds no line break': [
    vllmAbilities,
    { type: 'string', minLength: 1, maxLength: 500 },
    { type: 'string' },
    [' maxLength', ' minLength'],
  ],
  'llama.cpp counts to 2,000': [
    ollamaAbilities,
    { type: 'array', items: { type: 'string', maxLength: 2001 }, maxItems: 2000 },
    { type: 'array', items: { type: 'string' }, maxItems: 2000 },
    ['/items maxLength'],
  ],
  'integers keep their bounds, other numbers do not': [
    vllmAbilities,
    {
      type: 'array',
      items: {
        anyOf: [
          { type: 'integer', minimum: 0.5, exclusiveMaximum: 9 },
          { type: 'number', minimum: 0 },
        ],
      },
    },
    {
      type: 'array',
      items: { anyOf: [{ type: 'integer', minimum: 1, maximum: 8 }, { type: 'number' }] },
    },
    ['/items/anyOf/1 minimum'],
  ],
  'an object that says nothing of other members is closed, and that is told': [
    compactAbilities,
    { type: 'object', properties: { a: nothing }, required: ['a'] },
    { type: 'object', properties: { a: nothing }, required: ['a'], ...closed },
    [' additionalProperties tightened'],
  ],
  'a record whose names are a list declares them': [
    vllmAbilities,
    {
      type: 'object',
      propertyNames: { enum: ['a', 'b'] },
      additionalProperties: nothing,
      required: ['b'],
    },
    { type: 'object', properties: { b: nothing, a: nothing }, required: ['b'], ...closed },
    [],
  ],
  'of a choice and what stands beside it the latter is held': [
    compactAbilities,
    {
      type: 'object',
      properties: { a: nothing, b: nothing },
      ...closed,
      anyOf: [{ required: ['a'] }, { required: ['b'] }],
    },
    { type: 'object', properties: { a: nothing, b: nothing }, required: [], ...closed },
    [' anyOf'],
  ],
  'a type beside a choice is that of its members': [
    compactAbilities,
    {
      type: 'object',
      oneOf: ['a', 'b'].map((name) => ({
        properties: { [name]: { const: name } },
        required: [name],
        ...closed,
      })),
    },
    {
      anyOf: ['a', 'b'].map((name) => ({
        type: 'object',
        properties: { [name]: { const: name } },
        required: [name],
        ...closed,
      })),
    },
    [' oneOf'],
  ],
  'of a reference and what stands beside it the reference is held': [
    compactAbilities,
    { $ref: '#/$defs/word', maxLength: 3, $defs: { word: { type: 'string' } } },
    { $ref: '#/$defs/word', $defs: { word: { type: 'string' } } },
    [' maxLength'],
  ],
  'oneOf is told where two members may both hold, and not where a constant keeps them apart': [
    compactAbilities,
    {
      type: 'object',
      properties: {
        a: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
        b: { oneOf: [{ const: 'a' }, { const: 'b' }, { const: null }] },
      },
      ...closed,
    },
    {
      type: 'object',
      properties: {
        a: { anyOf: [{ type: 'integer' }, { type: 'number' }] },
        b: { enum: ['a', 'b', null] },
      },
      required: [],
      ...closed,
    },
    ['/properties/a oneOf'],
  ],
  'constants of another type are left out': [
    compactAbilities,
    { type: ['string', 'null'], enum: ['a', 1, null] },
    { enum: ['a', null] },
    [],
  ],
  'a recursive definition stays one, under a name that every engine takes': [
    ollamaAbilities,
    { $ref: '#/$defs/a.b', $defs: { 'a.b': { type: 'array', items: { $ref: '#/$defs/a.b' } } } },
    { $ref: '#/$defs/a_b', $defs: { a_b: { type: 'array', items: { $ref: '#/$defs/a_b' } } } },
    [],
  ],
});
const anyReference = { $ref: '#/$defs/anyJson' };
const anyJson = {
  anyOf: [
    ...['string', 'number', 'boolean', 'null'].map((type) => ({ type })),
    { type: 'array', items: anyReference },
    { type: 'object', additionalProperties: anyReference },
  ],
};
test(
  'a reference to nothing allows anything and is told',
  lowers,
  vllmAbilities,
  { type: 'array', items: { $ref: 'https://example.org/x' } },
  { type: 'array', items: anyReference, $defs: { anyJson } },
  ['/items $ref'],
);

/** A schema that needs the keyword, the value that breaks it, and one that does not. */
const removed: Readonly<Record<string, readonly [schema: Keywords, bad: unknown, good: unknown]>> =
  {
    pattern: [{ type: 'string', pattern: '^\\p{L}+$' }, 'a1', 'é'],
    format: [{ type: 'string', format: 'date' }, '2026-02-29', '2026-02-28'],
    multipleOf: [{ type: 'integer', multipleOf: 2 }, 3, 4],
    allOf: [{ type: 'integer', allOf: [{ minimum: 2 }] }, 1, 2],
    not: [{ type: 'string', not: { const: 'x' } }, 'x', 'y'],
    if: [{ type: 'integer', if: { minimum: 5 }, else: { const: 1 } }, 4, 1],
    prefixItems: [{ type: 'array', prefixItems: [nothing, { const: 1 }] }, [null, 2], [null, 1]],
    contains: [{ type: 'array', contains: { const: 1 } }, [2], [2, 1]],
    uniqueItems: [{ type: 'array', uniqueItems: true }, [1, 1], [1, 2]],
    patternProperties: [
      { type: 'object', patternProperties: { '^x': nothing } },
      { x: 1 },
      { y: 1 },
    ],
    propertyNames: [{ type: 'object', propertyNames: { maxLength: 1 } }, { ab: 1 }, { a: 1 }],
    minProperties: [{ type: 'object', minProperties: 1 }, {}, { a: 1 }],
    dependentRequired: [{ type: 'object', dependentRequired: { a: ['b'] } }, { a: 1 }, { b: 1 }],
  };

test('members of an object that declares none are counted where the engine can', (t) => {
  const record = { type: 'object', maxProperties: 2, additionalProperties: nothing };
  const held = lowerSchema(record, compactAbilities);
  t.deepEqual([held.schema.maxProperties, held.dropped], [2, []]);
  const mixed = { ...record, properties: { a: nothing } };
  for (const [schema, abilities] of [
    [record, vllmAbilities],
    [record, ollamaAbilities],
    [{ ...record, maxProperties: 1000 }, compactAbilities],
    [mixed, compactAbilities],
  ] as const) {
    const { schema: lowered, dropped } = lowerSchema(schema, abilities);
    t.is(lowered.maxProperties, undefined);
    t.true(dropped.some(({ keyword }) => keyword === 'maxProperties'));
  }
});

for (const [keyword, [schema, bad, good]] of Object.entries(removed)) {
  test(`${keyword} is dropped, told, and judged by the full schema`, (t) => {
    for (const abilities of [compactAbilities, vllmAbilities, ollamaAbilities]) {
      const { schema: lowered, dropped } = lowerSchema(
        { type: 'object', properties: { 'a/b~': schema }, ...closed },
        abilities,
      );
      t.true(notesOf({ dropped, tightened: [] }).includes(`/properties/a~1b~0 ${keyword}`));
      t.false(JSON.stringify(lowered).includes(`"${keyword}"`));
    }
    const validate = compileValidator(schema);
    t.truthy(validate(bad));
    t.is(validate(good), undefined);
  });
}
