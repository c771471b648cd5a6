// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { adapterParameters, parametersOf, parseBaseShape } from '../../../src/learn/train/base.ts';
import { estimateMemory } from '../../../src/learn/train/memory.ts';
import { byLine, readTrainerLine, secondsLeft } from '../../../src/learn/train/progress.ts';
import { trlConfig } from '../../../src/learn/train/trl-config.ts';

const qwen3 = {
  ...{ hidden_size: 4096, intermediate_size: 12_288, num_hidden_layers: 36, head_dim: 128 },
  ...{ num_attention_heads: 32, num_key_value_heads: 8, vocab_size: 151_936 },
  max_position_embeddings: 40_960,
};
const smollm2 = {
  ...{ hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30, vocab_size: 49_152 },
  ...{ num_attention_heads: 9, num_key_value_heads: 3, max_position_embeddings: 8192 },
  tie_word_embeddings: true,
};

test('parameters are as many as the cards of the models say', (t) => {
  for (const [config, billions] of [
    [qwen3, 8.19],
    [smollm2, 0.134],
  ] as const) {
    const shape = parseBaseShape(config);
    const { blocks, embeddings } = shape ? parametersOf(shape) : { blocks: 0, embeddings: 0 };
    t.true(Math.abs((blocks + embeddings) / 1e9 / billions - 1) < 0.01);
  }
  t.is(parseBaseShape({ ...qwen3, num_experts: 128 }), undefined);
  t.is(parseBaseShape(null), undefined);
});

test('Qwen3-8B fits into 24 GB at four bits, with 16 bits it just does, and whole it does not', (t) => {
  const shape = parseBaseShape(qwen3);
  if (!shape) return t.fail();
  const of = (method: 'qlora' | 'lora' | 'full') =>
    estimateMemory(shape, { method, rank: 16 }, { tokens: 4096, onGpu: true }).total / 1e9;
  t.deepEqual([of('qlora'), of('lora'), of('full')].map(Math.round), [10, 20, 134]);
  t.is(adapterParameters(shape, 8) * 2, adapterParameters(shape, 16));
});

test('docs/learning.md shows the configuration that is written', (t) => {
  const page = readFileSync(new URL('../../../docs/learning.md', import.meta.url), 'utf8');
  const [, text = ''] = /```yaml\n(model_name_or_path[\s\S]*?)```/.exec(page) ?? [];
  const models = 'MODELS';
  const work = `${models}/.training/doc.frontmatter`;
  const facts = {
    ...({ method: 'qlora', rank: 16, epochs: 3, tokens: 3712, steps: 300 } as const),
    ...{ base: `${models}/qwen3-8b`, rows: `${work}/rows`, out: `${work}/out` },
    ...{ hasHeldOut: true, onGpu: true },
  };
  t.deepEqual(parse(text), trlConfig(facts));
});

test('a line of TRL or axolotl that tells loss, tokens and epoch; others tell nothing', (t) => {
  const steps: unknown[] = [];
  const read = byLine((line) => steps.push(readTrainerLine(line)));
  read("{'loss': '13.35', 'grad_norm': '8.809', 'learning_rate': '0', 'entropy': '6.099', 'me");
  read("an_token_accuracy': '0', 'num_tokens': '273', 'epoch': '0.16'}\n{'loss': 1.2e-05, ");
  read("'epoch': 2.5}\n{'loss': 'nan', 'epoch': '3'}\n{'eval_loss': '11.6', 'epoch': '1.48'}\n");
  read("{'train_runtime': '158.9', 'train_loss': '11.96', 'epoch': '3'}\n'loss': me\n");
  read(" 44%|####| 7/16 [05:17<08:10, 54.48s/it] {'loss': '11.02', 'tokens/trainable': 392, ");
  read("'tokens/total': 3584, 'epoch': '0.875'}\n");
  t.deepEqual(steps, [
    { loss: 13.35, tokens: 273, epoch: 0.16 },
    { loss: 1.2e-5, tokens: 0, epoch: 2.5 },
    { loss: Number.NaN, tokens: 0, epoch: 3 },
    ...[undefined, undefined, undefined],
    { loss: 11.02, tokens: 3584, epoch: 0.875 },
  ]);
});

test('the time that is left goes on at the speed so far', (t) => {
  t.is(secondsLeft({ at: 1000, epoch: 0.5 }, { at: 11_000, epoch: 1 }, 3), 40);
  t.is(secondsLeft({ at: 1000, epoch: 0.5 }, { at: 1000, epoch: 0.5 }, 3), undefined);
});
