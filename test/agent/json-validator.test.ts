// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { compileValidator, InvalidSchema } from '../../src/agent/json-validator.ts';

const members = { a: { type: 'string' }, b: { type: 'string' } };

/** Schemas that zod's reading of JSON Schema judged otherwise than the draft does. */
const cases: Readonly<Record<string, readonly [schema: object, good: unknown, bad: unknown]>> = {
  'what depends on a member': [
    { type: 'object', dependentRequired: { a: ['b'] } },
    { b: '' },
    { a: '' },
  ],
  'a choice beside members': [
    { type: 'object', properties: members, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    { b: '' },
    {},
  ],
  'a keyword beside a reference': [
    { $ref: '#/$defs/word', maxLength: 2, $defs: { word: { type: 'string' } } },
    'ab',
    'abc',
  ],
  'a bound without a type': [{ minimum: 3 }, 3, 2],
  'members without a type': [{ required: ['a'], properties: members }, { a: '' }, {}],
  'a pattern beside constants': [{ enum: ['a', 'b'], pattern: '^a$' }, 'a', 'b'],
  'a length beside constants': [{ enum: ['a', 'bc'], minLength: 2 }, 'bc', 'a'],
  'a format that is an expression': [{ type: 'string', format: 'regex' }, 'a+', '('],
  'a constant that is a list': [{ const: [1, { a: null }] }, [1, { a: null }], [1]],
  'constants that are objects': [{ enum: [{ a: 1 }, [2]] }, { a: 1 }, { a: 2 }],
  'a pattern of letters': [{ type: 'string', pattern: '^\\p{L}+$' }, 'é漢', '1'],
  'a member that every object inherits': [{ required: ['constructor'] }, { constructor: 1 }, {}],
};

for (const [what, [schema, good, bad]] of Object.entries(cases)) {
  test(`${what}: judged as the draft says`, (t) => {
    const validate = compileValidator(schema as Record<string, unknown>);
    t.is(validate(good), undefined);
    t.truthy(validate(bad));
  });
}

test('a problem says where it is and what is allowed', (t) => {
  const schema = {
    type: 'object',
    required: ['c'],
    properties: { c: {}, d: { items: { enum: ['x', 'y'] } } },
    additionalProperties: false,
  };
  const validate = compileValidator(schema);
  t.deepEqual(validate({}), { path: ['c'], message: 'is required' });
  t.deepEqual(validate({ c: 1, d: ['x', 'z'] }), {
    path: ['d', '1'],
    message: 'must be one of "x", "y"',
  });
  t.deepEqual(validate({ c: 1, e: 1 }), { path: [], message: 'must not have the property "e"' });
});

test('two schemas of one address do not meet', (t) => {
  const $id = 'https://example.org/out';
  t.truthy(compileValidator({ $id, type: 'string' })(1));
  t.is(compileValidator({ $id, type: 'integer' })(1), undefined);
});

const refused = test.macro({
  title: (name) => `refused, since it would judge nothing: ${name}`,
  exec(t, schema: Readonly<Record<string, unknown>>) {
    t.throws(() => compileValidator(schema), { instanceOf: InvalidSchema });
  },
});

test('a keyword that is misspelt', refused, { type: 'string', maxLenght: 3 });
test('a keyword of OpenAPI', refused, { type: 'string', nullable: true });
test('a format that does not exist', refused, { type: 'string', format: 'datum' });
test('items of an older draft', refused, { type: 'array', items: [{ type: 'string' }] });
