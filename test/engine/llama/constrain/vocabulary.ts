// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { advanceBytes, startState } from '../../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../../src/engine/llama/constrain/schema-grammar.ts';
import { allowedTokens } from '../../../../src/engine/llama/constrain/token-mask.ts';
import { greedyTokens, readVocabulary } from '../../../../src/engine/llama/constrain/vocabulary.ts';
import { readVocabulary as readTiny } from '../../../tiny-model/vocabulary.ts';

const tiny = readTiny();
const table = {
  model: 'gpt2',
  tokens: tiny.tokens,
  kinds: tiny.tokens.map((_, token) => (token < tiny.endOfText ? 1 : 3)),
};
const vocabulary = readVocabulary(table)!;

test('tokens have the bytes of their text', (t) => {
  t.is(vocabulary.bytes.length, 4096);
  t.is(vocabulary.bytes[tiny.turnEnd], undefined);
  const texts = vocabulary.bytes.map((bytes) => bytes && Buffer.from(bytes).toString());
  for (const text of [' the', '":"', '\n', 'é'.at(0)]) t.true(text === 'é' || texts.includes(text));
  const single = vocabulary.bytes.filter((bytes) => bytes?.length === 1);
  t.is(new Set(single.map((bytes) => bytes?.[0])).size, 256);
});

test('a SentencePiece vocabulary has its spaces and bytes', (t) => {
  const pieces = readVocabulary({
    model: 'llama',
    tokens: ['<unk>', '<s>', '<0x0A>', '\u2581the', 'é', '\n\n', '<tool_call>'],
    kinds: [2, 3, 6, 1, 1, 4, 4],
  });
  const texts = pieces?.bytes.map((bytes) => bytes && Buffer.from(bytes).toString());
  t.deepEqual(texts, [undefined, undefined, '\n', ' the', 'é', '\n\n', undefined]);
});

test('an unknown kind of vocabulary is none', (t) => {
  t.is(readVocabulary({ ...table, model: 'bert' }), undefined);
});

for (const [what, schema, begun] of [
  [
    'the beginning of an object',
    {
      type: 'object',
      properties: { a: { enum: ['x', 'yes'] } },
      required: ['a'],
      additionalProperties: false,
    },
    '{"a":"',
  ],
  ['text', { type: 'string', maxLength: 6 }, '"ab'],
  ['a number', { type: 'array', items: { type: 'integer', minimum: 5, maximum: 230 } }, '[2'],
  ['text that may be long', { type: 'array', items: { type: 'string' } }, '["ab'],
  ['text within an escape', { type: 'string' }, '"ab\\u00'],
  ['text that is full but for a character', { type: 'string', maxLength: 3 }, '"ab'],
  ['text that is too short to end', { type: 'string', minLength: 9 }, '"ab'],
  ['text or another thing', { anyOf: [{ enum: ['abc', 'abd'] }, { type: 'string' }] }, '"ab'],
  ['one of many', { enum: ['the end', 'the one', 'the'] }, '"th'],
] as const) {
  test(`the tokens that can come are all that fit whole: ${what}`, (t) => {
    const { state } = advanceBytes(startState(schemaGrammar(schema).grammar), Buffer.from(begun));
    const fitting = vocabulary.bytes.flatMap((bytes, token) =>
      bytes && bytes.length > 0 && advanceBytes(state, bytes).used === bytes.length ? [token] : [],
    );
    t.true(fitting.length > 0);
    const { marks, size } = allowedTokens(vocabulary, state);
    t.deepEqual(
      [...marks.keys()].filter((token) => marks[token] === 1),
      fitting,
    );
    t.is(size, fitting.length);
  });
}

test('within text, only the tokens that end it are read again', (t) => {
  let reads = 0;
  const counted = {
    ...vocabulary,
    bytes: new Proxy(vocabulary.bytes, {
      get: (bytes, key, receiver) => {
        if (/^\d+$/.test(String(key))) reads += 1;
        return Reflect.get(bytes, key, receiver);
      },
    }),
  };
  const inText = (schema: Parameters<typeof schemaGrammar>[0]) =>
    advanceBytes(startState(schemaGrammar(schema).grammar), Buffer.from('{"a":"x')).state;
  const allowed = (name: string) => {
    const properties = { a: { type: 'string' }, [name]: { type: 'integer' } };
    reads = 0;
    return allowedTokens(counted, inText({ type: 'object', properties, required: ['a', name] }));
  };
  const [first, cold] = [allowed('b').size, reads];
  const [second, warm] = [allowed('c').size, reads];
  t.true(cold >= vocabulary.sorted.length);
  t.true(first > vocabulary.sorted.length * 0.8 && second > vocabulary.sorted.length * 0.8);
  t.true(warm <= cold - vocabulary.sorted.length, `${warm} of ${cold}`);
});

test('bytes always have tokens', (t) => {
  const bytes = Buffer.from('{"type":"final"} é漢🦉\u0000');
  const tokens = greedyTokens(vocabulary, bytes);
  t.deepEqual(Buffer.concat(tokens!.map((token) => vocabulary.bytes[token]!)), bytes);
});
