// SPDX-License-Identifier: GPL-3.0-only
import { createNormal } from './random.ts';
import { traitsOf, type Vocabulary } from './vocabulary.ts';

export type Matrix = {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; a row gives one output. */
  readonly values: Float32Array;
};

export const shape = {
  hidden: 192,
  layers: 6,
  heads: 3,
  headSize: 64,
  inner: 384,
  context: 8192,
  ropeBase: 10_000,
  epsilon: 1e-6,
} as const;

/** Weights by their names in a Hugging Face llama; the norms are all ones. */
export type Weights = ReadonlyMap<string, Matrix>;

/*
 * Random weights with a few features made by hand, each an axis of the residual stream that nothing
 * else writes to. The first layer's first two heads tell how near the last quote and the turn's
 * start are; the output rows use that: a string closes once it has some length, and so does a turn.
 */
const axes = {
  constant: 0,
  quote: 1,
  blank: 2,
  turnStart: 3,
  nearQuote: 4,
  nearTurnStart: 5,
} as const;
const reserved = 8;
const strength = { constant: 5, flag: 4, near: 5 };

/** About what the stream's root mean square is where the output rows read it. */
const finalScale = 1.4;

/** Makes the model's weights, always the same ones for the same seed. */
export const makeWeights = (vocabulary: Vocabulary, seed = 1): Weights => {
  const normal = createNormal(seed);
  const weights = new Map<string, Matrix>();
  weights.set('model.embed_tokens.weight', embeddings(vocabulary, normal));
  for (let layer = 0; layer < shape.layers; layer += 1) {
    const at = `model.layers.${layer}`;
    const { hidden, inner } = shape;
    const query = random(hidden, hidden, 1.6 / Math.sqrt(hidden), normal);
    const key = random(hidden, hidden, 1.6 / Math.sqrt(hidden), normal);
    const value = random(hidden, hidden, 1 / Math.sqrt(hidden), normal);
    const output = random(hidden, hidden, 0.45 / Math.sqrt(hidden), normal);
    const down = random(hidden, inner, 1.1 / Math.sqrt(inner), normal);
    for (const matrix of [output, down]) matrix.values.fill(0, 0, reserved * matrix.columns);
    if (layer === 0) makeNearHeads({ query, key, value, output });
    weights.set(`${at}.self_attn.q_proj.weight`, query);
    weights.set(`${at}.self_attn.k_proj.weight`, key);
    weights.set(`${at}.self_attn.v_proj.weight`, value);
    weights.set(`${at}.self_attn.o_proj.weight`, output);
    weights.set(`${at}.mlp.gate_proj.weight`, random(inner, hidden, 1 / Math.sqrt(hidden), normal));
    weights.set(`${at}.mlp.up_proj.weight`, random(inner, hidden, 1 / Math.sqrt(hidden), normal));
    weights.set(`${at}.mlp.down_proj.weight`, down);
  }
  weights.set('lm_head.weight', outputRows(vocabulary, normal));
  return weights;
};

/** Names of the norms, each a vector of ones as long as the stream is wide. */
export const normNames: readonly string[] = [
  ...Array.from({ length: shape.layers }, (_, layer) => [
    `model.layers.${layer}.input_layernorm.weight`,
    `model.layers.${layer}.post_attention_layernorm.weight`,
  ]).flat(),
  'model.norm.weight',
];

/** A matrix of normal numbers times `scale`. */
export const random = (
  rows: number,
  columns: number,
  scale: number,
  normal: () => number,
): Matrix => ({
  rows,
  columns,
  values: Float32Array.from({ length: rows * columns }, () => normal() * scale),
});

/** Rows of one length, so that the first layer reads every feature at its strength. */
const embeddings = (vocabulary: Vocabulary, normal: () => number): Matrix => {
  const { hidden } = shape;
  const matrix = random(vocabulary.tokens.length, hidden, 1, normal);
  for (let token = 0; token < matrix.rows; token += 1) {
    const row = matrix.values.subarray(token * hidden, (token + 1) * hidden);
    const traits = traitsOf(vocabulary, token);
    row.fill(0, 0, reserved);
    row[axes.constant] = strength.constant;
    if (traits.quote) row[axes.quote] = strength.flag;
    if (traits.runs) row[axes.blank] = strength.flag;
    if (traits.turnStart) row[axes.turnStart] = strength.flag;
    const fixed = sumOfSquares(row.subarray(0, reserved));
    const scale = Math.sqrt((hidden - fixed) / sumOfSquares(row.subarray(reserved)));
    for (let index = reserved; index < hidden; index += 1) row[index] = (row[index] ?? 0) * scale;
  }
  return matrix;
};

const sumOfSquares = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value * value, 0);

/** Looks back for a flagged token: high near it, falling to nothing about `reach` tokens on. */
const nearHeads = [
  { head: 0, flag: axes.quote, writes: axes.nearQuote, reach: 20 },
  { head: 1, flag: axes.turnStart, writes: axes.nearTurnStart, reach: 100 },
] as const;

type Attention = {
  readonly query: Matrix;
  readonly key: Matrix;
  readonly value: Matrix;
  readonly output: Matrix;
};

/**
 * The score of a distance d is a sum of cos(frequency * d) as rotary positions make it, plus a bonus
 * for flagged tokens; the softmax turns it into a share that falls off over `reach`.
 */
const makeNearHeads = ({ query, key, value, output }: Attention): void => {
  const { hidden, headSize, ropeBase } = shape;
  const half = headSize / 2;
  for (const { head, flag, writes, reach } of nearHeads) {
    const first = head * headSize;
    for (const matrix of [query, key, value]) {
      matrix.values.fill(0, first * hidden, (first + headSize) * hidden);
    }
    for (let row = 0; row < hidden; row += 1) {
      output.values.fill(0, row * hidden + first, row * hidden + first + headSize);
    }
    const middle = 0.6 / reach;
    for (let pair = 0; pair < half - 1; pair += 1) {
      const frequency = ropeBase ** ((-2 * pair) / headSize);
      const apart = Math.log(frequency / middle);
      const share = Math.abs(apart) < 0.8 ? 3 : apart < 0 && apart > -2.6 ? 1.5 : 0;
      const factor = Math.sqrt(share * Math.sqrt(headSize)) / strength.constant;
      query.values[(first + pair) * hidden + axes.constant] = factor;
      key.values[(first + pair) * hidden + axes.constant] = factor;
    }
    const slowest = first + half - 1;
    const bonus = Math.log(reach) + 3.3;
    query.values[slowest * hidden + axes.constant] = Math.sqrt(headSize) / strength.constant;
    key.values[slowest * hidden + flag] = bonus / strength.flag;
    value.values[first * hidden + flag] = 1 / strength.flag;
    output.values[writes * hidden + first] = strength.near;
  }
};

const outputRows = (vocabulary: Vocabulary, normal: () => number): Matrix => {
  const { hidden } = shape;
  const noise = 2 / Math.sqrt(hidden);
  const matrix = random(vocabulary.tokens.length, hidden, noise, normal);
  const per = (logits: number, amount: number): number => (logits * finalScale) / amount;
  for (let token = 0; token < matrix.rows; token += 1) {
    const row = matrix.values.subarray(token * hidden, (token + 1) * hidden);
    const { bias, closing, blank, turnEnd } = traitsOf(vocabulary, token);
    row.fill(0, 0, reserved);
    row[axes.constant] = per(bias, strength.constant);
    if (closing) row[axes.nearQuote] = per(-18, strength.near);
    if (blank) row[axes.blank] = per(13, strength.flag);
    if (turnEnd) row[axes.nearTurnStart] = per(-32, strength.near);
  }
  return matrix;
};
