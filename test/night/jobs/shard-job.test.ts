// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { checkShardRunner, planShardJob } from '../../../src/night/jobs/shard-job.ts';
import type { Setup } from '../../../src/night/open/open-setup.ts';
import { writeNight } from '../../../src/night/record/night-folder.ts';
import type { Night } from '../../../src/night/record/night-schemas.ts';
import { parseShard } from '../../../src/night/record/shard.ts';
import { temporaryFolder, writeFiles } from '../../workspace/with-repository.ts';

const night: Night = {
  version: 1,
  id: '2026-11-21',
  startedAt: '2026-11-21T02:00:00Z',
  example: false,
  base: { commit: 'b'.repeat(40) },
  profile: 'p',
  flows: {},
  specs: [],
  shards: 2,
  agents: { worker: 'agent' },
  runtimes: { 'tiny/work': 'weights' },
  notices: [],
  mistakes: [],
};

type Opened = {
  readonly agent?: string;
  readonly runtime?: { readonly digest: string; readonly fault?: string };
};

/** A machine that opened the flow `tiny` with one node. */
const setup = ({ agent = 'agent', runtime = { digest: 'weights' } }: Opened) => {
  const bound = { agent: { manifest: { name: 'worker' }, digest: agent }, runtime };
  const flows = new Map([['tiny', { agents: new Map([['work', bound]]) }]]);
  return { flows } as unknown as Pick<Setup, 'flows'>;
};

const check = (opened: Opened, agent?: string) => () =>
  checkShardRunner(night, setup(opened), { node: 'work', agent });

test('a runner must answer with what the night was decided with', (t) => {
  t.notThrows(check({}));
  t.notThrows(check({}, 'worker'));
  t.throws(check({ runtime: { digest: 'other' } }), {
    message: /worker would answer here with other weights, rules or settings than night 2026-11-21/,
  });
  // What cannot be opened here fails by itself, spec by spec.
  t.notThrows(check({ runtime: { digest: 'other', fault: 'no such file' } }));
  t.throws(check({ agent: 'other' }), { message: /the agent "worker" has changed/ });
  t.throws(check({}, 'other'), { message: /work is played by worker, and this action runs other/ });
});

test('a job is one of as many as the night has shards', async (t) => {
  const folder = temporaryFolder(t);
  await writeNight(folder, night);
  const plan = (shard: string, node = 'work') =>
    planShardJob({ node, folder, shard: parseShard(shard), attempt: 1 });
  t.is((await plan('1/2')).night.id, night.id);
  await t.throwsAsync(plan('0/3'), { message: /is spread over 2, not over 3/ });
  t.throws(() => plan('2/2'), { message: /is not a shard of a night/ });
  await t.throwsAsync(plan('0/2', '../x'), { message: /is not the id of a node/ });
});

test('a job leaves its files in a folder of its own', async (t) => {
  const folder = temporaryFolder(t);
  await writeNight(folder, night);
  const out = join(temporaryFolder(t), 'out');
  mkdirSync(out);
  writeFiles(out, { 'other.zip': 'x' });
  const shard = { index: 0, of: 2 };
  const job = await planShardJob({ node: 'work', folder, shard, attempt: 1, out });
  await t.throwsAsync(job.leave(true), { message: /is not empty/ });
});
