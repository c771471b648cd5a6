// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { advance, startOf } from '../../../../src/engine/llama/constrain/automaton.ts';
import { schemaGrammar } from '../../../../src/engine/llama/constrain/schema-grammar.ts';
import {
  allowedTokens,
  greedyTokens,
  readVocabulary,
} from '../../../../src/engine/llama/constrain/vocabulary.ts';
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
  ['a pattern', { type: 'string', pattern: '^[a-z]+(-[0-9]+)?$' }, '"ab'],
] as const) {
  test(`the tokens that can come are all that fit whole: ${what}`, (t) => {
    const { state } = advance(startOf(schemaGrammar(schema).grammar), Buffer.from(begun));
    const fitting = vocabulary.bytes.flatMap((bytes, token) =>
      bytes && bytes.length > 0 && advance(state, bytes).used === bytes.length ? [token] : [],
    );
    t.true(fitting.length > 0);
    t.deepEqual(
      [...allowedTokens(vocabulary, state)].sort((a, b) => a - b),
      fitting,
    );
  });
}

test('bytes always have tokens', (t) => {
  const bytes = Buffer.from('{"type":"final"} é漢🦉\u0000');
  const tokens = greedyTokens(vocabulary, bytes);
  t.deepEqual(Buffer.concat(tokens!.map((token) => vocabulary.bytes[token]!)), bytes);
});
