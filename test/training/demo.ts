// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { temporaryFolder } from '../workspace/with-repository.ts';

const { PANTHEON_SKIP_TRAINING, PANTHEON_TRAINING_PYTHON = 'python3' } = process.env;
const suite = PANTHEON_SKIP_TRAINING ? test.skip : test;
const demo = new URL('../../training/learn-demo.ts', import.meta.url).pathname;

type MeasuredNight = Readonly<Record<'examples' | 'tried' | 'accepted', number>>;

suite('a weak model learns from its nights, and does better in the next', async (t) => {
  const out = temporaryFolder(t);
  const sizes = ['--rounds', '3', '--notes', '20', '--steps', '120'];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--disable-warning=ExperimentalWarning', demo, ...sizes],
    ...['--python', PANTHEON_TRAINING_PYTHON, '--out', out],
  ]);
  t.log(stdout);
  const { nights } = JSON.parse(readFileSync(join(out, 'learning-curve.json'), 'utf8')) as {
    readonly nights: readonly MeasuredNight[];
  };
  t.is(nights.length, 3);
  const [first, ...later] = nights.map(({ accepted, tried }) => accepted / tried);
  t.true(Math.max(...later) > (first ?? 1), stdout);
  t.true((nights.at(-1)?.examples ?? 0) > 0, 'a model that learned was used');
  t.regex(readFileSync(join(out, 'learning-curve.svg'), 'utf8'), /^<svg /);
});
