// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { summarySchema } from '../../../src/morning/summary.ts';
import { vllmAnswers } from '../../cli/served-vllm.ts';
import { makePlace } from '../../cli/with-cli.ts';
import { serve } from '../../engine/wire/with-server.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';

test('what an engine did in a job is told in the morning', async (t) => {
  t.timeout(120_000);
  const socket = await serve(t, vllmAnswers('tiny', { contextTokens: 8192 }));
  const bound = `    work: { engine: vllm, socket: ${socket}, model: tiny }\n`;
  const place = await makePlace(t, {
    'pantheon.yaml': tinyConfig('', bound),
    'specs/one.yaml': tinySpec('box/'),
    'box/a.txt': 'a\n',
  });
  const scratch = temporaryFolder(t);
  const artifacts = join(scratch, 'artifacts');
  mkdirSync(artifacts);
  const pantheon = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await place.pantheon(...args);
    t.is(code, 0, stderr);
    return stdout;
  };
  const night = join(artifacts, 'night.attempt-1');
  await pantheon('collect', '--night', night, '--shards', '1', '--example', '--json');
  for (const node of ['plan', 'work']) {
    const out = join(scratch, node);
    await pantheon(
      ...['node', node, '--shard', '0/1', '--night', join(scratch, `night-${node}`)],
      ...['--artifacts', artifacts, '--out', out],
    );
    cpSync(out, join(artifacts, `node.${node}.shard-0.attempt-1`), { recursive: true });
  }
  const summary = summarySchema.parse(
    JSON.parse(await pantheon('publish', '--artifacts', artifacts, '--json')),
  );
  t.is(summary.engines.length, 1);
  t.like(summary.engines[0], { engine: 'vllm', model: 'tiny', since: 'jobs' });
  t.true((summary.engines[0]?.requests ?? 0) > 0);
  t.deepEqual(
    summary.engines[0]?.agents.map(({ agent }) => agent),
    ['tiny.worker'],
  );
});
