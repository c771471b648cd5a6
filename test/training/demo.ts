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

type Told = {
  readonly nights: readonly Readonly<Record<'examples' | 'tried' | 'accepted', number>>[];
  readonly versions: readonly {
    readonly name: string;
    readonly examples: number;
    readonly verdict: string;
  }[];
};

suite('a weak model learns from its nights, and what is promoted does better in the next', async (t) => {
  const out = temporaryFolder(t);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--disable-warning=ExperimentalWarning', demo],
    ...['--python', PANTHEON_TRAINING_PYTHON, '--out', out],
  ]);
  t.log(stdout);
  const { nights, versions } = JSON.parse(
    readFileSync(join(out, 'learning-curve.json'), 'utf8'),
  ) as Told;
  t.is(versions.length, 3);
  // How many examples the first step up takes differs by processor.
  t.true(
    versions.some(({ verdict }) => verdict === 'PROMOTE'),
    stdout,
  );
  t.deepEqual(
    nights.map((night) => night.examples),
    [0, 1, 2, 3].map((night) => championAfter(versions.slice(0, night))),
    'each night has the champion of the rounds before',
  );
  const shares = nights.map(({ accepted, tried }) => accepted / tried);
  t.true((shares.at(-1) ?? 0) > (shares[0] ?? 1), stdout);
  t.regex(readFileSync(join(out, 'learning-curve.svg'), 'utf8'), /^<svg /);
});

/** The rows that the last promoted version learned from. */
const championAfter = (versions: Told['versions']): number =>
  versions.findLast(({ verdict }) => verdict === 'PROMOTE')?.examples ?? 0;
