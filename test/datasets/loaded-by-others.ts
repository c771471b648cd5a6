// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { datasetCard } from '../../src/learn/mine/dataset-card.ts';
import { mineNight, openedSpec, type Rows, wrote } from '../learn/mine/sample-nights.ts';
import { temporaryFolder } from '../workspace/with-repository.ts';

const { PANTHEON_DATASETS_PYTHON: python = 'python3', PANTHEON_SKIP_DATASETS } = process.env;
const suite = PANTHEON_SKIP_DATASETS ? test.skip : test;
const program = fileURLToPath(new URL('load.py', import.meta.url));

const run = promisify(execFile);

const split = { train: 'train', 'held-out': 'test' } as const;

suite('datasets loads every row as it was written, by the card and without it', async (t) => {
  // An argument that is a text in one row and a list in another, and one that only some have.
  const unlike = [wrote('x'), { args: { path: 'a.md', content: ['x', 1] } }, { args: {} }];
  const failed = [{ args: { path: 'b.md' }, error: 'no' }, wrote('y')];
  const decided = new Map(
    Array.from({ length: 12 }, (_, at) => [`2026-11-21/s${at}/u${at}`, 'accepted'] as const),
  );
  const { mined, rows, out } = await mineNight(
    t,
    Array.from({ length: 12 }, (_, at) =>
      openedSpec(`s${at}`, {
        [`u${at}`]: {
          path: `f${at}.md`,
          steps: at % 3 === 0 ? failed : unlike.slice(0, 1 + (at % 3)),
        },
      }),
    ),
    { heldOut: 0.5, decided },
  );
  const facts = { licence: 'other', command: '', nights: ['a', 'b'] } as const;
  writeFileSync(join(out, 'README.md'), datasetCard(mined, facts));
  const { stdout } = await run(python, [program, out, temporaryFolder(t)], {
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    maxBuffer: 2 ** 26,
  });
  const loaded: Rows = JSON.parse(stdout);
  t.is(mined.files.length, 12);
  for (const { name, kind, split: side } of mined.files) {
    t.deepEqual(loaded[`${kind}.${split[side]}`], rows[name], name);
    if (side === 'train') t.deepEqual(loaded[`${kind}.alone`], rows[name], `${name} alone`);
  }
});
