// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  type Abilities,
  compactAbilities,
  ollamaAbilities,
  vllmAbilities,
} from '../../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import type { Keywords } from '../../../src/engine/schema/merge.ts';
import { notesOf } from './notes.ts';

const lowers = test.macro({
  title: (name) => name ?? '',
  exec: (
    t,
    abilities: Abilities,
    schema: Keywords,
    expected: Keywords,
    notes: readonly string[],
    limits?: { readonly maxTokens: number },
  ) => {
    const lowered = lowerSchema(schema, abilities, limits);
    t.deepEqual(lowered.schema, expected);
    t.deepEqual(notesOf(lowered).toSorted(), notes.toSorted());
  },
});

const closed = { additionalProperties: false };

test(
  'a keyword that only explains is left out without a word',
  lowers,
  vllmAbilities,
  { type: 'string', title: 'T', description: 'd', default: 'x', examples: ['y'] },
  { type: 'string' },
  [],
);
test(
  'a format that a grammar of ours holds to the day',
  lowers,
  compactAbilities,
  { type: 'string', format: 'date' },
  { type: 'string', format: 'date' },
  [],
);
test(
  'a format whose last days are left to the full schema',
  lowers,
  ollamaAbilities,
  { type: 'string', format: 'date' },
  { type: 'string', format: 'date' },
  [' format'],
);
test(
  'what no engine holds is named with its place',
  lowers,
  compactAbilities,
  {
    type: 'object',
    properties: {
      'a/b~': { type: 'array', items: { type: 'number', multipleOf: 2 }, uniqueItems: true },
    },
    ...closed,
  },
  {
    type: 'object',
    properties: { 'a/b~': { type: 'array', items: { type: 'number' } } },
    required: [],
    ...closed,
  },
  ['/properties/a~1b~0 uniqueItems', '/properties/a~1b~0/items multipleOf'],
);
test(
  'xgrammar counts no characters: a string that it counts holds no line break',
  lowers,
  vllmAbilities,
  { type: 'string', minLength: 1, maxLength: 500 },
  { type: 'string' },
  [' maxLength', ' minLength'],
);
test(
  'llama.cpp counts to 2,000',
  lowers,
  ollamaAbilities,
  { type: 'array', items: { type: 'string', maxLength: 2001 }, maxItems: 2000 },
  { type: 'array', items: { type: 'string' }, maxItems: 2000 },
  ['/items maxLength'],
);
test(
  'an object that says nothing of other members is closed, and that is told',
  lowers,
  compactAbilities,
  { type: 'object', properties: { a: { type: 'null' } }, required: ['a'] },
  { type: 'object', properties: { a: { type: 'null' } }, required: ['a'], ...closed },
  [' additionalProperties tightened'],
);
test(
  'a declared member whose name the names refuse never comes',
  lowers,
  compactAbilities,
  {
    type: 'object',
    properties: { a: { type: 'null' }, c: { type: 'null' } },
    additionalProperties: { type: 'null' },
    propertyNames: { enum: ['a', 'b'] },
  },
  {
    type: 'object',
    properties: { a: { type: 'null' } },
    required: [],
    additionalProperties: { type: 'null' },
    propertyNames: { enum: ['a', 'b'] },
  },
  [' additionalProperties'],
);
test(
  'a tuple that says nothing of its length is written whole',
  lowers,
  ollamaAbilities,
  { type: 'array', prefixItems: [{ type: 'null' }, { type: 'boolean' }] },
  { type: 'array', prefixItems: [{ type: 'null' }, { type: 'boolean' }], minItems: 2, maxItems: 2 },
  [' prefixItems tightened'],
);
test(
  'an open tuple is a list of either for llama.cpp',
  lowers,
  ollamaAbilities,
  { type: 'array', prefixItems: [{ type: 'null' }], items: { type: 'boolean' }, minItems: 1 },
  { type: 'array', items: { anyOf: [{ type: 'null' }, { type: 'boolean' }] }, minItems: 1 },
  [' prefixItems'],
);
test(
  'allOf is joined: bounds meet, members are united',
  lowers,
  compactAbilities,
  {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer', minimum: 1 } }, required: ['a'] },
      {
        type: 'object',
        properties: { a: { type: 'number', maximum: 9 }, b: { type: 'null' } },
        ...closed,
      },
    ],
  },
  {
    type: 'object',
    properties: { a: { type: 'integer', minimum: 1, maximum: 9 }, b: { type: 'null' } },
    required: ['a'],
    ...closed,
  },
  [],
);
test(
  'what stands beside a choice is put into each of its members',
  lowers,
  compactAbilities,
  {
    type: 'object',
    properties: { a: { type: 'null' }, b: { type: 'null' } },
    ...closed,
    anyOf: [{ required: ['a'] }, { required: ['b'] }],
  },
  {
    anyOf: ['a', 'b'].map((name) => ({
      type: 'object',
      properties: { a: { type: 'null' }, b: { type: 'null' } },
      required: [name],
      ...closed,
    })),
  },
  [],
);
test(
  'oneOf is told where two members may both hold, and not where a constant keeps them apart',
  lowers,
  compactAbilities,
  {
    type: 'array',
    prefixItems: [
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      { oneOf: [{ const: 'a' }, { const: 'b' }, { const: null }] },
    ],
    items: false,
    minItems: 2,
  },
  {
    type: 'array',
    prefixItems: [
      { anyOf: [{ type: 'integer' }, { type: 'number' }] },
      { anyOf: [{ const: 'a' }, { const: 'b' }, { const: null }] },
    ],
    minItems: 2,
    maxItems: 2,
  },
  ['/prefixItems/0 oneOf'],
);
test(
  'a recursive definition stays one, under a name that every engine takes',
  lowers,
  ollamaAbilities,
  { $ref: '#/$defs/a.b', $defs: { 'a.b': { type: 'array', items: { $ref: '#/$defs/a.b' } } } },
  { $ref: '#/$defs/a_b', $defs: { a_b: { type: 'array', items: { $ref: '#/$defs/a_b' } } } },
  [],
);
test(
  'a reference to nothing allows anything and is told',
  lowers,
  vllmAbilities,
  { type: 'array', items: { $ref: 'https://example.org/x' } },
  {
    type: 'array',
    items: { $ref: '#/$defs/anyJson' },
    $defs: {
      anyJson: {
        anyOf: [
          { type: 'string' },
          { type: 'number' },
          { type: 'boolean' },
          { type: 'null' },
          { type: 'array', items: { $ref: '#/$defs/anyJson' } },
          { type: 'object', additionalProperties: { $ref: '#/$defs/anyJson' } },
        ],
      },
    },
  },
  ['/items $ref'],
);
test(
  'a record whose names are a list declares them',
  lowers,
  vllmAbilities,
  {
    type: 'object',
    propertyNames: { enum: ['a', 'b'] },
    additionalProperties: { type: 'null' },
    required: ['a'],
  },
  {
    type: 'object',
    properties: { a: { type: 'null' }, b: { type: 'null' } },
    required: ['a'],
    ...closed,
  },
  [],
);
test(
  'with a limit of tokens no string is longer than they can write',
  lowers,
  compactAbilities,
  { type: 'array', items: { type: 'string' }, maxItems: 3 },
  { type: 'array', items: { type: 'string', maxLength: 512 }, maxItems: 3 },
  ['/items maxLength tightened'],
  { maxTokens: 100 },
);
test(
  'a pattern goes through as groups, classes and counts',
  lowers,
  ollamaAbilities,
  {
    type: 'array',
    prefixItems: ['^(?:\\d{4}|x)-?\\w+$', 'b', '^.$', '^(?=a)$'].map((pattern) => ({
      type: 'string',
      pattern,
    })),
    items: false,
    minItems: 4,
  },
  {
    type: 'array',
    prefixItems: [
      { type: 'string', pattern: '^(([0-9]{4}|x)-?[0-9A-Za-z_]+)$' },
      { type: 'string' },
      { type: 'string' },
      { type: 'string' },
    ],
    minItems: 4,
    maxItems: 4,
  },
  ['/prefixItems/1 pattern', '/prefixItems/2 pattern', '/prefixItems/3 pattern'],
);
