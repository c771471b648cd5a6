// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { parseAnswer, readEnvelope } from '../../../src/agent/read-envelope.ts';
import { discoverAgents } from '../../../src/agent/registry.ts';
import type { Json } from '../../../src/data/digest.ts';
import { compactGrammar } from '../../../src/engine/grammar/compact-grammar.ts';
import { type Grammar, namedRules } from '../../../src/engine/grammar/named-rules.ts';
import { printGrammar } from '../../../src/engine/grammar/print-grammar.ts';
import { compactAbilities } from '../../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../../src/engine/schema/lower-schema.ts';
import { loadTools } from '../../../src/tool/load-tools.ts';
import { each } from '../../each.ts';
import { isValid } from '../schema/is-valid.ts';
import { schemas, valuesOf } from '../schema/schema-arbitrary.ts';
import { accepts, writeText } from './grammar-walk.ts';

const grammarOf = (schema: Json): Grammar =>
  namedRules(compactGrammar(lowerSchema(schema as Keywords, compactAbilities).schema));

const takes = test.macro({
  title: (name) => name ?? '',
  exec: (t, schema: Json, yes: readonly string[], no: readonly string[]) => {
    const grammar = grammarOf(schema);
    for (const text of yes) t.true(accepts(grammar, text), text);
    for (const text of no) t.false(accepts(grammar, text), text);
  },
});

const object = (properties: Keywords, required: readonly string[]): Keywords => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const nothing = { type: 'null' };

each(takes, {
  'no blank anywhere': [
    object({ a: nothing, b: nothing }, ['a', 'b']),
    ['{"a":null,"b":null}'],
    [
      '{"a": null,"b":null}',
      '{ "a":null,"b":null}',
      '{"a":null, "b":null}',
      '{"a":null,"b":null}\n',
      ' {"a":null,"b":null}',
    ],
  ],
  'members in declared order; optional ones may be missing, each on its own': [
    object({ a: nothing, b: nothing, c: nothing }, ['b']),
    ['{"b":null}', '{"a":null,"b":null}', '{"b":null,"c":null}', '{"a":null,"b":null,"c":null}'],
    '{} {"a":null} {"c":null,"b":null} {"b":null,} {,"b":null} {"b":null,"b":null}'.split(' '),
  ],
  'a record of at most two': [
    { type: 'object', maxProperties: 2, additionalProperties: nothing },
    ['{}', '{"a":null}', '{"a":null,"b":null}'],
    ['{"a":null,"b":null,"c":null}', '{"a":null,}'],
  ],
  'a record of at most one': [
    { type: 'object', maxProperties: 1, additionalProperties: nothing },
    ['{}', '{"a":null}'],
    ['{"a":null,"b":null}'],
  ],
  'all members optional': [
    object({ a: nothing, b: nothing }, []),
    ['{}', '{"a":null}', '{"b":null}', '{"a":null,"b":null}'],
    ['{"a":null,}', '{"b":null,"a":null}'],
  ],
});
test('more members that may be left out than calls can be nested: a line for each', (t) => {
  const names = Array.from({ length: 3000 }, (_, index) => `m${index}`);
  const many = object(Object.fromEntries(names.map((name) => [name, nothing])), []);
  const lines = printGrammar(grammarOf(many)).trimEnd().split('\n');
  t.is(lines.length, names.length - 1);
  t.true(Math.max(...lines.slice(1).map(({ length }) => length)) < 100);
});
test(
  'strings take every character as itself or escaped, and no half of one',
  takes,
  { type: 'string', minLength: 1, maxLength: 3 },
  ['"a"', '"\\""', '"\\\\\\n\\u00e9"', '"😀é\u2028"', '"\\u0000"', '"\u007f"'],
  ['""', '"abcd"', '"a', '"\n"', '"\\x41"', '"\\ud83d"', '"\\ud83d\\uDE00"', '"\\u12"', '"\u0001"'],
);
for (const length of [31, 32, 33, 62, 63, 94, 95, 127, 1055, 2079]) {
  test(
    `a string of at most ${length} characters`,
    takes,
    { type: 'string', maxLength: length },
    ['""', ...[1, 30, length - 1, length].map((count) => JSON.stringify('x'.repeat(count)))],
    [JSON.stringify('x'.repeat(length + 1))],
  );
}

each(takes, {
  'a string of at least 70 and at most 3,000 characters': [
    { type: 'string', minLength: 70, maxLength: 3000 },
    [70, 71, 133, 1100, 2999, 3000].map((count) => JSON.stringify('x'.repeat(count))),
    [0, 69, 3001].map((count) => JSON.stringify('x'.repeat(count))),
  ],
  'numbers have an end': [
    { type: 'number' },
    ['0', '-0', '1', '-12.5', '1e5', '1.5E-7', '123456789012345680000', '0.0000012345678901234567'],
    ['01', '+1', '.5', '1.', '1e', '1e999999', `0.${'0'.repeat(42)}`, '9'.repeat(42), 'NaN'],
  ],
  'an integer that is too long is written whole': [
    { type: 'integer', minimum: 7 },
    ['7', '10', '9007199254740991', '1234567890123456789'],
    ['6', '-7', '9'.repeat(42)],
  ],
  'constants of any kind': [
    { enum: ['a"b', 'a"', 1.5, null, { a: [true] }, '😀', '😁'] },
    ['"a\\"b"', '"a\\""', '1.5', 'null', '{"a":[true]}', '"😁"'],
    ['"a"', '{"a": [true]}', '"a\\"c"', '"😂"'],
  ],
  'a definition that refers to itself': [
    {
      $ref: '#/$defs/x',
      $defs: { x: { anyOf: [nothing, { type: 'array', items: { $ref: '#/$defs/x' } }] } },
    },
    ['null', '[]', '[null,[[null]]]'],
    ['[null,]', '{}'],
  ],
});

test('integers: exactly those from one bound to the other', (t) => {
  const bound = Number.MAX_SAFE_INTEGER - 1;
  const safe = fc.integer({ min: -bound, max: bound });
  const small = fc.integer({ min: -1200, max: 1200 });
  fc.assert(
    fc.property(fc.oneof(fc.tuple(small, small, small), fc.tuple(safe, safe, safe)), (numbers) => {
      const [value] = numbers;
      const [minimum, maximum] = numbers.slice(1).sort((a, b) => a - b);
      const grammar = grammarOf({ type: 'integer', minimum, maximum } as Keywords);
      const inside = value >= Number(minimum) && value <= Number(maximum);
      return [value, Number(minimum), Number(maximum)].every(
        (each) => accepts(grammar, String(each)) === (each === value ? inside : true),
      );
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('every value of a lowered schema can be written, and what is written and read is valid', (t) => {
  let written = 0;
  let read = 0;
  const resolver = (root: Keywords) => (reference: string) =>
    (root.$defs as Keywords)[reference.slice('#/$defs/'.length)] as Json;
  fc.assert(
    fc.property(
      schemas
        .map((schema) => lowerSchema(schema, compactAbilities))
        .chain(({ schema, dropped }) =>
          fc.record({
            schema: fc.constant(schema),
            dropped: fc.constant(dropped),
            value: valuesOf(schema, resolver(schema)),
            seed: fc.nat(),
          }),
        ),
      ({ schema, dropped, value, seed }) => {
        const grammar = namedRules(compactGrammar(schema));
        const text = JSON.stringify(value);
        if (isValid(schema, value) && !hasUnorderedObject(schema)) {
          written += 1;
          if (!accepts(grammar, text)) throw new Error(`refuses ${text}`);
        }
        const made = writeText(grammar, randomOf(seed));
        // What is noted stays in the lowered schema where it narrows what is held.
        const loose = dropped.some(({ keyword }) => keyword === 'additionalProperties');
        const refused = 'reason' in parseAnswer(`{"value":${made}}`);
        if (!loose && !refused && !isValid(schema, JSON.parse(made))) {
          throw new Error(`writes ${made}`);
        }
        read += refused ? 0 : 1;
        if (!accepts(grammar, made)) throw new Error(`refuses its own ${made}`);
      },
    ),
    { numRuns: 200 },
  );
  t.true(written > 60, `${written} of 200 values were valid`);
  t.true(read > 100, `${read} of 200 texts were read`);
});

/** Numbers from 0 to 1 (mulberry32). */
const randomOf = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Two alternatives that are objects may each want another order, so that no text is the one. */
const hasUnorderedObject = (schema: Json): boolean =>
  /"anyOf":\[.*"properties"/.test(JSON.stringify(schema)) ||
  /"additionalProperties":\{/.test(JSON.stringify(schema));

test("a shipped agent's grammar writes nothing but envelopes that the loop takes", async (t) => {
  const agents = await discoverAgents([join(import.meta.dirname, '../../../actions')]);
  for (const { manifest: agent } of agents.values()) {
    if (agent.kind !== 'model') continue;
    const protocol = protocolFor(agent, await loadTools(agent.tools));
    const grammar = grammarOf(protocol.schema);
    const { schema: lowered } = lowerSchema(protocol.schema, compactAbilities);
    const text = printGrammar(grammar);
    t.is(printGrammar(grammarOf(JSON.parse(JSON.stringify(protocol.schema)))), text);
    t.true(text.length < 20_000, `${agent.name}: ${text.length}`);
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const answer = writeText(grammar, randomOf(seed));
        const reading = readEnvelope(answer, protocol);
        // Numbers too long to be read as they stand, and names that are duplicates, are for the loop to refuse.
        const digits = answer.replaceAll('.', '');
        const isDuplicate =
          reading.kind === 'bad' && / is a duplicate in its object/.test(reading.fault.reason);
        const isLong = isDuplicate || /\d{16}|e[-+]?\d{3}/i.test(digits);
        if (!isLong && !isValid(lowered, JSON.parse(answer))) throw new Error(answer);
        // What a tool refines beyond its JSON Schema is for the full schema to catch.
        if (!isLong && reading.kind === 'bad' && reading.fault.code !== 'tool-args') {
          throw new Error(`${answer}: ${reading.fault.reason}`);
        }
        kinds.add(JSON.parse(answer).name ?? 'final');
      }),
      { numRuns: 100 },
    );
    t.deepEqual([...kinds].sort(), ['final', ...agent.tools].sort());
  }
});

/** Not part of what node-llama-cpp promises; the whole text against the whole grammar. */
type Internal = { readonly _testText: (text: string) => boolean };

test('llama.cpp reads the text and takes the same answers', async (t) => {
  const { getLlama } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true });
  const cases = [
    [{ type: 'string', maxLength: 1055 }, ['x'.repeat(1055), '😀\n"\\'], ['x'.repeat(1056)]],
    [{ type: 'integer', minimum: -7, maximum: 4012 }, [-7, 0, 4012], [-8, 4013]],
    [{ enum: ['a', 'ab', 'b\n'] }, ['a', 'ab', 'b\n'], ['b', 'abc']],
    [object({ a: nothing, b: nothing }, ['b']), [{ b: null }, { a: null, b: null }], [{ a: null }]],
    [{}, [{ a: [1, 'x', { b: null }] }, 'x', 1e30], []],
  ] as const;
  for (const [schema, yes, no] of cases) {
    const grammar = await llama.createGrammar({
      grammar: printGrammar(grammarOf(schema as Keywords)),
    });
    const reads = (value: Json): boolean =>
      (grammar as unknown as Internal)._testText(JSON.stringify(value));
    for (const value of yes) t.true(reads(value), JSON.stringify(value).slice(0, 40));
    for (const value of no) t.false(reads(value), JSON.stringify(value).slice(0, 40));
  }
  await llama.dispose();
});
