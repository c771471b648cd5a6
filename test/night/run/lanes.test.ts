// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openLanes } from '../../../src/night/run/lanes.ts';

test('in a lane the highest priority that waits goes first', async (t) => {
  const lanes = openLanes(() => 1);
  const order: number[] = [];
  const run = (priority: number) =>
    lanes.run('one', priority, async () => {
      order.push(priority);
      await sleep(1);
    });
  await Promise.all([run(0), run(-4), run(3), run(3), run(11)]);
  t.deepEqual(order, [0, 11, 3, 3, -4]);
});

test('each lane is as wide as it says, whatever the others do', async (t) => {
  const widths: Readonly<Record<string, number>> = { narrow: 1, wide: 3 };
  const asked: string[] = [];
  const lanes = openLanes((lane) => {
    asked.push(lane);
    return widths[lane] ?? 0;
  });
  const running: Record<string, number> = {};
  const most: Record<string, number> = {};
  const run = (lane: string) =>
    lanes.run(lane, 0, async () => {
      running[lane] = (running[lane] ?? 0) + 1;
      most[lane] = Math.max(most[lane] ?? 0, running[lane]);
      await sleep(2);
      running[lane] -= 1;
    });
  await Promise.all(['narrow', 'wide', 'wide', 'wide', 'wide', 'narrow'].map(run));
  t.deepEqual(most, { narrow: 1, wide: 3 });
  t.deepEqual(asked.sort(), ['narrow', 'wide']);
});

test('work that fails tells who asked and lets the next one through', async (t) => {
  const lanes = openLanes(() => 1);
  const failing = lanes.run('one', 0, async () => {
    throw new Error('out');
  });
  const next = lanes.run('one', 0, async () => 'in');
  await t.throwsAsync(failing, { message: 'out' });
  t.is(await next, 'in');
});
