// SPDX-License-Identifier: GPL-3.0-only
import type { LlamaModel, TokenBias } from 'node-llama-cpp';
import {
  type AnswerState,
  advanceBytes,
  startState,
} from '../../src/engine/llama/constrain/automaton.ts';
import { createCodec } from '../../src/engine/llama/constrain/codec.ts';
import { schemaGrammar } from '../../src/engine/llama/constrain/schema-grammar.ts';
import { readVocabulary, tokenKinds } from '../../src/engine/llama/constrain/vocabulary.ts';
import type { Keywords } from '../../src/engine/schema/keywords.ts';

/*
 * CPU that a mask takes: `node bench/engines/mask.ts [TOKENS]`, on a made-up vocabulary of 150,000
 * tokens. Cold: the first mask of its kind; next: another place that allows much the same, as each member
 * of each tool has its own; warm: the same place again. A bias stands in for llama.cpp's.
 */

const size = Number(process.argv[2] ?? 150_000);

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

/** Every byte, then words as byte-pair vocabularies have them: 2 % of them with a quotation mark. */
const makeTokens = (): readonly string[] => {
  const random = randomOf(11);
  const pick = (letters: string): string => letters[Math.floor(random() * letters.length)] ?? '';
  const tokens = new Set(Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)));
  while (tokens.size < size) {
    const length = 2 + Math.floor(random() * 8);
    const word = Array.from({ length }, () => pick('abcdefghijklmnopqrstuvwxyzéèüñд漢字')).join('');
    const start = random() < 0.5 ? '\u2581' : '';
    const end = random() < 0.02 ? pick('":,}]').padStart(2, '"') : '';
    tokens.add(random() < 0.05 ? pick('({[<-=/.;#').repeat(length) : `${start}${word}${end}`);
  }
  return [...tokens];
};

const tokens = makeTokens();
const vocabulary = readVocabulary({
  model: 'llama',
  tokens,
  kinds: tokens.map(() => tokenKinds.normal),
});
if (!vocabulary) throw new Error('the vocabulary cannot be read');
const codec = createCodec({
  model: {} as LlamaModel,
  vocabulary,
  createBias: () => new Map() as unknown as TokenBias,
});

const stateAt = (schema: Keywords, begun: string): AnswerState =>
  advanceBytes(startState(schemaGrammar(schema).grammar), Buffer.from(begun)).state;

const memberOf = (name: string, schema: Keywords): Keywords => ({
  type: 'object',
  properties: { a: schema, [name]: { type: 'integer' } },
  required: ['a', name],
  additionalProperties: false,
});
const paths = Array.from({ length: 10_000 }, (_, index) => `docs/${index % 90}/note-${index}.md`);
const [text, short] = [{ type: 'string' }, { type: 'string', maxLength: 40 }];

const cpuOf = (state: AnswerState): number => {
  const before = process.cpuUsage();
  codec.mask(state);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

console.log(`${vocabulary.sorted.length} tokens; CPU per mask [ms]`);
for (const [what, schema, begun] of [
  ['free text', text, '{"a":"x'],
  ['text near its last character', short, `{"a":"${'x'.repeat(30)}`],
  ['one of 10,000 paths, at its first letter', { enum: paths }, '{"a":"docs/'],
  ['a number', { type: 'number' }, '{"a":1'],
] as const) {
  const states = Array.from({ length: 20 }, (_, index) =>
    stateAt(memberOf(`m${index}`, schema), begun),
  );
  const [cold = 0, ...others] = states.map(cpuOf);
  const next = others.toSorted((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0;
  const warm = states.map(cpuOf).reduce((sum, ms) => sum + ms, 0) / states.length;
  console.log(
    `${what}: ${codec.mask(states[0] as AnswerState).size} can come; cold ${cold.toFixed(1)}, next ${next.toFixed(2)} (goal 5), warm ${warm.toFixed(3)}`,
  );
}
