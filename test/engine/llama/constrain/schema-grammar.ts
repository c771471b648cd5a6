// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Json } from '../../../../src/data/digest.ts';
import {
  advanceBytes,
  forcedBytes,
  isAnswerOver,
  startState,
  stepByte,
} from '../../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../../src/engine/llama/constrain/schema-grammar.ts';
import { each } from '../../../each.ts';

type Schema = { readonly [key: string]: Json };

const object = (
  properties: Schema,
  required: readonly string[] = Object.keys(properties),
): Schema => ({ type: 'object', properties, required, additionalProperties: false });

const takes = (schema: Schema, text: string): boolean => {
  const bytes = Buffer.from(text);
  const { state, used } = advanceBytes(startState(schemaGrammar(schema).grammar), bytes);
  return used === bytes.length && state.done;
};

const holds = test.macro((t, schema: Schema, good: readonly string[], bad: readonly string[]) => {
  for (const text of good) t.true(takes(schema, text), `takes ${text}`);
  for (const text of bad) t.false(takes(schema, text), `refuses ${text}`);
});

const none: readonly string[] = [];

each(holds, {
  text: [
    { type: 'string' },
    ['""', '"é漢🦉"', '"\\n\\"\\u00e9"'],
    ['"', '"\n"', '"\\x"', '"\\ud800"', '"a""'],
  ],
  'text of some length': [
    { type: 'string', minLength: 2, maxLength: 3 },
    ['"ab"', '"🦉"', '"a🦉"', '"\\n\\n"'],
    ['""', '"a"', '"abcd"', '"🦉🦉"'],
  ],
  'whole numbers': [
    { type: 'integer', minimum: -5, maximum: 120 },
    ['0', '7', '120', '-5'],
    ['121', '-6', '007', '1.0', '-0', '1e1'],
  ],
  'whole numbers from': [
    { type: 'integer', minimum: 37, maximum: 412 },
    ['37', '99', '100', '412'],
    ['36', '5', '413', '1000'],
  ],
  'whole numbers, too long ones whole': [
    { type: 'integer' },
    ['0', '-9007199254740991', '9007199254740991', '9007199254740992', '1234567890123456789'],
    ['-0', '1.5', '1'.repeat(42)],
  ],
  'whole numbers up to the last safe one': [
    { type: 'integer', minimum: 5, maximum: Number.MAX_SAFE_INTEGER },
    ['5', '9007199254740991', '1234567890123456789'],
    ['4', '-5'],
  ],
  numbers: [
    { type: 'number' },
    ['0', '-0.25', '12.5', '6.02e23', '1e-7', '1E+300', '0.30000000000000004', '9007199254740991'],
    ['.5', '1.', '01', '1e', '--1', 'e5', '1e5.5', '1'.repeat(42)],
  ],
  constants: [
    { enum: ['a', 1, null, { b: [true] }] },
    ['"a"', '1', 'null', '{"b":[true]}'],
    ['"b"', '2', '{"b": [true]}'],
  ],
});
const paths = Array.from({ length: 10_000 }, (_, index) => `docs/${index % 90}/é-${index}.md`);
test(
  'ten thousand constants, some of which begin others',
  holds,
  { type: 'array', items: { enum: [...paths, 'docs', 'docs/1', 12, 123] } },
  [JSON.stringify(paths), '["docs","docs/1",12,123]'],
  ['["docs/"]', '["docs/0/é-1.md"]', '[1]', '[1234]', '["doc"]'],
);
test('what thousands of constants have in common must come', (t) => {
  const { bytes, state } = forcedBytes(startState(schemaGrammar({ enum: paths }).grammar));
  t.is(Buffer.from(bytes).toString(), '"docs/');
  t.is(state.threads.length, 1);
});

each(holds, {
  lists: [
    { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 },
    ['[true]', '[true,false]'],
    ['[]', '[true,false,true]', '[true,]', '[ true]'],
  ],
  'lists without end': [
    { type: 'array', items: { const: 1 } },
    ['[]', '[1]', '[1,1,1,1,1]'],
    ['[1,1', '[,1]'],
  ],
  members: [
    object({ a: { const: 1 }, b: { const: 2 } }),
    ['{"a":1,"b":2}'],
    ['{"b":2,"a":1}', '{"a":1}', '{"a":1,"b":2,"c":3}', '{ "a":1,"b":2}'],
  ],
  'members that may be left out': [
    object({ a: { const: 1 }, b: { const: 2 }, c: { const: 3 } }, ['b']),
    ['{"b":2}', '{"a":1,"b":2}', '{"b":2,"c":3}', '{"a":1,"b":2,"c":3}'],
    ['{}', '{"a":1}', '{,"b":2}', '{"b":2,}'],
  ],
});
const many = Array.from({ length: 3000 }, (_, index) => [`m${index}`, { const: index }] as const);

each(holds, {
  'more members that may be left out than calls can be nested': [
    object(Object.fromEntries(many), []),
    ['{}', '{"m0":0,"m2999":2999}', '{"m2999":2999}'],
    ['{"m2":2,"m1":1}'],
  ],
  records: [
    { type: 'object', additionalProperties: { type: 'integer' } },
    ['{}', '{"a":1}', '{"a":1,"b":2}'],
    ['{"a":"b"}', '{"a":1,}'],
  ],
  'records with long names': [
    { type: 'object', additionalProperties: { const: 1 } },
    [`{"${'path/'.repeat(30)}":1}`],
    none,
  ],
  alternatives: [
    { anyOf: [object({ t: { const: 'a' } }), object({ t: { const: 'b' }, n: { const: 1 } })] },
    ['{"t":"a"}', '{"t":"b","n":1}'],
    ['{"t":"b"}', '{"t":"a","n":1}'],
  ],
  anything: [
    {},
    ['null', '[1,{"a":["b"]}]', '{"a":{"b":[]}}', '-1.5', '"x"'],
    ['{a:1}', '[1 ,2]', 'nul'],
  ],
  'what holds itself': [
    {
      $ref: '#/$defs/tree',
      $defs: { tree: object({ of: { type: 'array', items: { $ref: '#/$defs/tree' } } }) },
    },
    ['{"of":[]}', '{"of":[{"of":[]},{"of":[]}]}'],
    ['{"of":[1]}', '{"of":[{}]}'],
  ],
  'nothing within brackets that go on': [
    {},
    [`${'['.repeat(20)}${']'.repeat(20)}`],
    [`${'['.repeat(500)}${']'.repeat(500)}`],
  ],
  'what nothing satisfies is left to the full schema': [
    { type: 'string', minLength: 3, maxLength: 2 },
    ['1', '"ab"'],
    none,
  ],
});

test('what must come is known', (t) => {
  const schema = object({
    type: { const: 'final' },
    status: { enum: ['ok', 'fail'] },
    n: { const: null },
  });
  const first = forcedBytes(startState(schemaGrammar(schema).grammar));
  t.is(Buffer.from(first.bytes).toString(), '{"type":"final","status":"');
  const chosen = stepByte(first.state, 'o'.charCodeAt(0));
  const rest = chosen && forcedBytes(chosen);
  t.is(rest && Buffer.from(rest.bytes).toString(), 'k","n":null}');
  t.true(rest && isAnswerOver(rest.state));
});

test('a string that is full must end', (t) => {
  const { state } = advanceBytes(
    startState(schemaGrammar({ type: 'string', maxLength: 2 }).grammar),
    Buffer.from('"ab'),
  );
  t.is(Buffer.from(forcedBytes(state).bytes).toString(), '"');
});
