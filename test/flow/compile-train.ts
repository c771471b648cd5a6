// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { parse } from 'yaml';
import { compileTrain } from '../../src/flow/compile/train.ts';
import { linterFaults, parserFaults } from '../workflows/checkers.ts';
import { settings } from './with-compile.ts';

const training = {
  agents: ['doc.frontmatter', 'review.peer'],
  schedule: '0 9 * * 6',
  base: 'qwen3-8b',
  method: 'qlora',
  python: '/opt/train/bin/python',
  heldOut: 0.1,
  profile: 'gpu',
};

test('training passes GitHub’s parser and actionlint, and one job of it writes', async (t) => {
  for (const server of ['github.com', 'enterprise'] as const) {
    const text = compileTrain({ ...settings, server, train: training });
    t.deepEqual(await parserFaults('train.yml', text), []);
    const faults = await linterFaults('train.yml', text);
    t.deepEqual(
      faults.filter((line) => !/unexpected key "queue" for "concurrency"/.test(line)),
      [],
    );
    const { jobs, concurrency, permissions } = parse(text);
    t.deepEqual(permissions, {});
    t.is(concurrency.group, 'pantheon-night');
    t.deepEqual(jobs.train.permissions, { contents: 'read' });
    t.deepEqual(jobs.promote.permissions, { contents: 'write', 'pull-requests': 'write' });
    t.false(JSON.stringify(jobs.train).includes('github.token'));
    t.deepEqual(jobs.train.strategy.matrix, { agent: training.agents });
    t.is(jobs.train.strategy['max-parallel'], 1);
  }
});
