// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import { z } from 'zod';
import { envelope } from '../../src/agent/dialects/envelope.ts';
import { protocolFor } from '../../src/agent/envelope-schema.ts';
import { checkSchema, compileValidator, InvalidSchema } from '../../src/agent/json-validator.ts';
import { UserError } from '../../src/data/user-error.ts';
import { loadTools } from '../../src/tool/load-tools.ts';
import { agent, call, final, tools } from './with-loop.ts';

const recursive = { ...tools[0]!, name: 'recursive', args: z.strictObject({ value: z.json() }) };
const looping: z.ZodType = z.lazy(() => z.strictObject({ next: looping.optional() }));

/** Judges by JSON Schema alone, as a constraining engine would. */
const judge = (schema: unknown): z.ZodType =>
  z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);

test('the schema takes calls of held tools and the final, and nothing else', (t) => {
  const schema = judge(protocolFor(agent, [...tools, recursive]).schema);
  const accepts = (text: string): boolean => schema.safeParse(JSON.parse(text)).success;
  t.true(accepts(call('echo', { text: 'a' })));
  t.true(accepts(call('echo')));
  t.true(accepts(call('recursive', { value: [{ a: null }] })));
  t.true(accepts(final()));
  t.true(accepts(final({ changed: false }, 'fail')));
  t.false(accepts(call('rm')));
  t.false(accepts(call('echo', { txt: 'a' })));
  t.false(accepts(call('strict', {})));
  t.false(accepts(final({ changed: 'no' })));
  t.false(accepts('{}'));
  t.false(accepts(JSON.stringify({ ...JSON.parse(final()), more: 1 })));
});

test('a model is held to no metrics, and shown no schema that holds itself', async (t) => {
  const shipped = protocolFor(agent, await loadTools(['set_frontmatter']));
  const schema = judge(shipped.schema);
  const counted = { ...JSON.parse(final()).output, metrics: { files: 1 } };
  t.true(schema.safeParse(JSON.parse(final())).success);
  t.false(schema.safeParse({ type: 'final', output: counted }).success);
  t.notRegex(shipped.toolLines, /\$ref/);
  const set = (value: unknown): boolean =>
    schema.safeParse(JSON.parse(call('set_frontmatter', { path: 'a.md', set: { tags: value } })))
      .success;
  t.deepEqual([set('a'), set(null), set(['a', 1]), set({ a: true })], [true, true, true, true]);
  t.false(set([['a']]));
});

test('definitions of several schemas stand side by side', (t) => {
  const out = {
    $defs: { __schema0: { type: 'string' } },
    type: 'object',
    properties: { a: { $ref: '#/$defs/__schema0' } },
    required: ['a'],
  };
  const other = { ...recursive, name: 'looping', args: z.strictObject({ loop: looping }) };
  const { schema } = protocolFor({ ...agent, out }, [recursive, other]);
  const judged = judge(schema);
  const accepts = (text: string): boolean => judged.safeParse(JSON.parse(text)).success;
  t.true(accepts(final({ a: 'text' })));
  t.false(accepts(final({ a: [] })));
  t.true(accepts(call('recursive', { value: [] })));
  t.true(accepts(call('looping', { loop: { next: { next: {} } } })));
  t.false(accepts(call('looping', { loop: { next: 7 } })));
});

test('a schema that points at its root still does', (t) => {
  const out = { type: 'object', properties: { child: { $ref: '#' } }, additionalProperties: false };
  const judged = judge(protocolFor({ ...agent, out }, []).schema);
  t.true(judged.safeParse(JSON.parse(final({ child: { child: {} } }))).success);
  t.false(judged.safeParse(JSON.parse(final({ child: { kid: {} } }))).success);
});

test('the same agent and tools are worked out once', (t) => {
  t.is(protocolFor(agent, tools), protocolFor(agent, tools));
  t.not(protocolFor(agent, tools), protocolFor({ ...agent }, tools));
});

test('schemas that cannot be used are the mistake of who wrote them', (t) => {
  const odd = { ...tools[0]!, args: z.strictObject({ when: z.date() }) };
  t.throws(() => protocolFor(agent, [odd]), { instanceOf: UserError, message: /"echo"/ });
  for (const out of [{ type: 'strng' }, { typ: 'object' }, { type: 'string', format: 'dat' }]) {
    const error = { instanceOf: UserError, message: /"tester"/ };
    t.throws(() => protocolFor({ ...agent, out }, []), error, JSON.stringify(out));
  }
});

test('the system message holds role, answers and tools, in this order', async (t) => {
  const tools = await loadTools(['read_file', 'compute_diff']);
  const protocol = protocolFor(agent, tools);
  const system = envelope.renderSystem({ agent, prompt: '\nYou keep notes tidy.\n', protocol });
  const order = [
    'You keep notes tidy.',
    '# Answers',
    '"changed"',
    '# Tools',
    '"name":"read_file"',
    '"name":"compute_diff"',
  ];
  const places = order.map((part) => system.indexOf(part));
  t.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  t.is(places[0], 0);
});

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
    checkSchema(schema as Record<string, unknown>);
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
    t.throws(() => checkSchema(schema), { instanceOf: InvalidSchema });
  },
});

test('a keyword that is misspelt', refused, { type: 'string', maxLenght: 3 });
test('a keyword of OpenAPI', refused, { type: 'string', nullable: true });
test('a format that does not exist', refused, { type: 'string', format: 'datum' });
test('items of an older draft', refused, { type: 'array', items: [{ type: 'string' }] });
