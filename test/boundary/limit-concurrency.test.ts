// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Command, Execution } from '../../src/boundary/executor.ts';
import { limitConcurrency } from '../../src/boundary/limit-concurrency.ts';

test('commands wait for each other, and one that cannot start delays none', async (t) => {
  let running = 0;
  let most = 0;
  const executor = limitConcurrency(
    {
      confinement: 'nothing',
      run: async ({ cwd }): Promise<Execution> => {
        running += 1;
        most = Math.max(most, running);
        await sleep(2);
        running -= 1;
        if (cwd === 'bad') throw new Error('it cannot start');
        return { code: 0, stdout: cwd, stderr: '', timedOut: false, truncated: false };
      },
    },
    3,
  );
  t.is(executor.confinement, 'nothing');
  const command = (cwd: string): Command => ({ argv: ['true'], cwd, root: cwd, timeoutMs: 1000 });
  const names = ['a', 'b', 'bad', 'c', 'd', 'e', 'f'];
  const ends = await Promise.allSettled(names.map((name) => executor.run(command(name))));
  t.deepEqual(
    ends.map((end) => (end.status === 'fulfilled' ? end.value.stdout : 'failed')),
    ['a', 'b', 'failed', 'c', 'd', 'e', 'f'],
  );
  t.is(most, 3);
});
