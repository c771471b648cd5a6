// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { stringify } from 'yaml';
import {
  axolotlConfig,
  axolotlRow,
  sharedTemplateArguments,
} from '../../src/learn/train/axolotl-config.ts';
import { readRows } from '../../src/learn/train/read-rows.ts';
import { writeRows } from '../../src/learn/train/work-folder.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';
import { mineManyUnits, prepareTiny } from './mined-nights.ts';

const { PANTHEON_TRAINING_PYTHON: python = 'python3', PANTHEON_SKIP_TRAINING } = process.env;
const { PANTHEON_TOKENIZERS: tokenizers = '', PANTHEON_AXOLOTL_SOURCE: source = '' } = process.env;
/** A Python with all of axolotl, 6 GB: it is not installed for a test. */
const { PANTHEON_AXOLOTL_PYTHON: whole } = process.env;
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const run = promisify(execFile);

const suite = PANTHEON_SKIP_TRAINING ? test.skip : test;

suite('axolotl reads the configuration, and learns of each row what the model said', async (t) => {
  const { out, mined } = await mineManyUnits(t);
  const trained = readRows(out, 'doc', 'steps', mined.files);
  const said = trained.train.map(({ completion }) => completion[0]?.content);
  t.true(said.length > 10);
  const folder = temporaryFolder(t);
  writeRows(folder, trained, axolotlRow);
  const configs = ['smollm2', 'qwen3'].map((base) => {
    const file = join(folder, `${base}.yaml`);
    const facts = {
      ...({ method: 'qlora', rank: 16, epochs: 3, tokens: 3712, steps: 300 } as const),
      ...{ base: join(tokenizers, base), rows: folder, out: join(folder, 'out') },
      ...{ hasHeldOut: false, onGpu: true },
    };
    const config = axolotlConfig(facts, sharedTemplateArguments(trained.train));
    writeFileSync(file, stringify(config));
    return file;
  });
  const { stdout } = await run(python, [pathOf('read_axolotl.py'), ...configs], {
    env: { ...process.env, HF_HUB_OFFLINE: '1', PYTHONPATH: source, AXOLOTL_DO_NOT_TRACK: '1' },
    maxBuffer: 2 ** 26,
  });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  t.is(lines.length, 2);
  for (const line of lines) {
    const { texts, ...read } = JSON.parse(line);
    t.deepEqual(read, {
      ...{ unknown: [], adapter: 'qlora', load_in_4bit: true, sequence_len: 3712 },
      ...{ excess_length_strategy: 'raise', curriculum_sampling: true, learning_rate: 0.0002 },
    });
    t.deepEqual(
      texts,
      said.map((text) => `${text}<|im_end|>`),
    );
  }
});

(whole === undefined ? test.skip : test)(
  'axolotl trains an adapter that moves what the base says',
  async (t) => {
    const { folder, base, args, env } = await prepareTiny(t);
    const more = ['--trainer', 'axolotl', '--python', whole ?? '', '--json'];
    const { stdout, stderr } = await run(pathOf('../../bin/pantheon'), [...args, ...more], {
      cwd: folder,
      env,
    });
    // Rows differ, and sixteen steps are few: the loss need not fall from the first to the last.
    t.regex(stderr, /\d+ %: loss [\d.]+/);
    const trained = JSON.parse(stdout);
    t.is(
      JSON.parse(readFileSync(join(trained.place, 'training.json'), 'utf8')).recipe.trainer,
      'axolotl',
    );
    const loaded = await run(
      whole ?? '',
      [pathOf('load_adapter.py'), base, trained.place, 'Keep notes tidy.'],
      { env: { ...env, HF_HUB_OFFLINE: '1' } },
    );
    t.true(Number(loaded.stdout.trim().split('\n').at(-1)) > 0.001, loaded.stdout);
  },
);
