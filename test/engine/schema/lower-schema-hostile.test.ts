// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { advance, startOf } from '../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../src/engine/llama/constrain/schema-grammar.ts';
import {
  compactAbilities,
  ollamaAbilities,
  vllmAbilities,
} from '../../../src/engine/schema/abilities.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import type { Keywords } from '../../../src/engine/schema/merge.ts';
import { notesOf } from './notes.ts';

const engines = { compactAbilities, vllmAbilities, ollamaAbilities };

const list = { type: 'array', items: { $ref: '#/$defs/list' } };
const tree = { type: 'array', items: { $ref: '#/$defs/tree' } };

const branches = (name: string): Keywords => ({
  type: 'object',
  properties: { left: { $ref: `#/$defs/${name}` }, right: { $ref: `#/$defs/${name}` } },
  required: ['left', 'right'],
});

const endless: Readonly<Record<string, Keywords>> = {
  'two lists of themselves at once': {
    allOf: [{ $ref: '#/$defs/list' }, { $ref: '#/$defs/tree' }],
    $defs: { list, tree },
  },
  'a reference beside a choice that leads back to it': {
    $ref: '#/$defs/list',
    oneOf: [{ $ref: '#' }, { $ref: '#/$defs/list' }, { type: 'null' }],
    $defs: { list: { anyOf: [{ type: 'string' }, list] } },
  },
  'a hundred objects within one another': Array.from({ length: 100 }).reduce<Keywords>(
    (inner) => ({ type: 'object', properties: { a: inner }, required: ['a'] }),
    { type: 'integer' },
  ),
  'two trees of themselves at once': {
    allOf: [{ $ref: '#/$defs/one' }, { $ref: '#/$defs/other' }],
    $defs: { one: branches('one'), other: branches('other') },
  },
};

for (const [what, schema] of Object.entries(endless)) {
  test(`${what}: worked out as far as it goes, and told`, (t) => {
    for (const [engine, abilities] of Object.entries(engines)) {
      t.true(notesOf(lowerSchema(schema, abilities)).length > 0, engine);
    }
  });
}

test('a reference that is no address is a name like any other', (t) => {
  const schema = { $ref: '#/$defs/100%', $defs: { '100%': { type: 'null' } } };
  const { schema: held } = lowerSchema(schema, compactAbilities);
  t.deepEqual(held, { $ref: '#/$defs/100_', $defs: { '100_': { type: 'null' } } });
});

const circles: Readonly<Record<string, Keywords>> = {
  itself: { $ref: '#' },
  'a choice of itself': { anyOf: [{ $ref: '#' }, { type: 'string' }] },
};

for (const [what, schema] of Object.entries(circles)) {
  test(`a schema that is ${what} is refused, and not followed for ever`, (t) => {
    t.throws(() => startOf(schemaGrammar(schema).grammar), {
      instanceOf: EngineFault,
      message: /circles/,
    });
  });
}

test('names that no pattern speaks of are left out in the open, or taken as they come', (t) => {
  const schema: Keywords = {
    type: 'object',
    properties: { a: { type: 'null' } },
    patternProperties: { '^x': { type: 'integer' } },
    required: ['b'],
  };
  for (const [engine, abilities] of Object.entries(engines)) {
    const lowered = notesOf(lowerSchema(schema, abilities));
    t.true(lowered.includes(' additionalProperties tightened'), engine);
    t.true(lowered.includes(' patternProperties'), engine);
  }
  const { grammar } = schemaGrammar(schema);
  for (const text of ['{"b":"text"}', '{"a":null,"b":[1]}', '{"b":1,"x":2}']) {
    t.is(advance(startOf(grammar), Buffer.from(text)).used, text.length, text);
  }
});

const told: readonly (readonly [schema: Keywords, notes: readonly string[]])[] = [
  [{ enum: ['a', 'b'], pattern: '^a$' }, [' pattern']],
  [{ enum: [{ a: 1 }, { b: 1 }], required: ['a'] }, [' required']],
  [{ enum: [[false], [1]], items: { type: 'integer' } }, [' items']],
  [{ enum: ['a', 'bc'], maxLength: 1 }, []],
  [{ type: 'string', pattern: '^.{2,5}$' }, [' pattern']],
  [{ type: 'string', pattern: '^[^/]$' }, [' pattern']],
  [{ type: 'string', pattern: '^[^/]+$' }, []],
  [{ type: 'string', pattern: 'b' }, []],
  [{ enum: ['a', 1], required: ['a'], type: ['string', 'integer'] }, []],
];

for (const [schema, notes] of told) {
  test(`of ${JSON.stringify(schema)} the full schema judges: ${notes.join() || 'nothing'}`, (t) => {
    t.deepEqual(notesOf(lowerSchema(schema, compactAbilities)), notes);
  });
}
