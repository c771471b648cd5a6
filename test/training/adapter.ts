// SPDX-License-Identifier: GPL-3.0-only
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { openLlamaEngine } from '../../src/engine/llama/engine.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { prepareTiny } from './mined-nights.ts';

const { PANTHEON_TRAINING_PYTHON: python = 'python3', PANTHEON_SKIP_TRAINING } = process.env;
const suite = PANTHEON_SKIP_TRAINING ? test.skip : test;
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

suite('TRL is stopped, goes on, and its adapter moves what the base says', async (t) => {
  const { folder, models, work, base, args, env } = await prepareTiny(t);
  const start = (...more: readonly string[]) =>
    spawn(pathOf('../../bin/pantheon'), [...args, '--python', python, ...more], {
      cwd: folder,
      env,
      stdio: 'pipe',
    });

  const first = start();
  const checkpoint = join(models, '.training/doc/out/checkpoint-*/trainer_state.json');
  const told: string[] = [];
  first.stderr.on('data', (text) => told.push(String(text)));
  const ended = once(first, 'close');
  while (first.exitCode === null && globSync(checkpoint).length === 0) await sleep(200);
  t.is(first.exitCode, null, told.join(''));
  first.kill('SIGINT');
  t.is((await ended)[0], 130);
  t.deepEqual(readdirSync(models), ['.training']);

  const second = start('--resume', '--json');
  const [said, errors]: string[][] = [[], []];
  second.stdout.on('data', (text) => said?.push(String(text)));
  second.stderr.on('data', (text) => errors?.push(String(text)));
  const [code] = await once(second, 'close');
  t.is(code, 0, errors?.join(''));
  t.regex(errors?.join('') ?? '', /Going on from .*checkpoint-\d+\.\n/);
  t.regex(errors?.join('') ?? '', /\d+ %: loss [\d.]+, \d+ tokens/);
  const trained = JSON.parse(said?.join('') ?? '');
  t.is(trained.place, join(models, 'doc@1'));
  t.true(trained.loss.last < trained.loss.first);
  t.false(existsSync(join(models, '.training/doc')));
  t.deepEqual(JSON.parse(readFileSync(join(trained.place, 'training.json'), 'utf8')).recipe, {
    ...{ trainer: 'trl', method: 'lora', rank: 4, epochs: 2 },
  });
  const { stdout } = await run(
    python,
    [pathOf('load_adapter.py'), base, trained.place, 'Keep notes tidy.'],
    { env: { ...env, HF_HUB_OFFLINE: '1' } },
  );
  t.true(Number(stdout.trim().split('\n').at(-1)) > 0.001, stdout);
  const gguf = join(trained.place, 'adapter.gguf');
  const compared = await run(python, [pathOf('read_gguf.py'), base, trained.place, gguf]);
  t.is(Number(compared.stdout), 6 * 7 * 2, 'both factors of seven layers in each of six blocks');
  t.not(await say(join(work, 'tiny.gguf'), trained.place), await say(join(work, 'tiny.gguf')));
});

/** What llama.cpp writes on from a beginning, always the likeliest. */
const say = async (model: string, adapter?: string): Promise<string> => {
  const engine = await openLlamaEngine(
    { engine: 'llama', model, contextTokens: 1024, ...(adapter !== undefined && { adapter }) },
    { setting: 'adapter' },
  );
  try {
    const { text } = await engine.complete({
      messages: [{ role: 'user', content: 'Keep notes tidy.' }],
      schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
      maxTokens: 200,
      idleTimeoutMs: 60_000,
      signal: AbortSignal.timeout(120_000),
      ...(adapter !== undefined && { adapter }),
    });
    return text;
  } finally {
    await engine.close();
  }
};

suite('the configuration in docs/learning.md is one that TRL reads', async (t) => {
  const page = readFileSync(pathOf('../../docs/learning.md'), 'utf8');
  const [, text = ''] = /```yaml\n(model_name_or_path[\s\S]*?)```/.exec(page) ?? [];
  const config = join(temporaryFolder(t), 'config.yaml');
  writeFileSync(config, text);
  const { stdout } = await run(python, [pathOf('parse.py'), config], {
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  t.like(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
    ...{ learning_rate: 0.0002, train_sampling_strategy: 'sequential', completion_only_loss: true },
    ...{ load_in_4bit: true, bnb_4bit_quant_type: 'nf4', use_bnb_nested_quant: true },
    ...{ lora_r: 16, use_peft: true },
  });
});
