// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { tally, tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

test.serial('specs are worked by priority', async (t) => {
  const priorities = [0, 7, -3, 5, 1];
  const house = await makeHouse(t, {
    'pantheon.yaml': tinyConfig(
      'concurrency: 1\n',
      '    tiny.worker: { engine: rules, slots: 1 }\n',
    ),
    ...Object.fromEntries(
      priorities.flatMap((priority, index) => [
        [`specs/s${index}.yaml`, tinySpec(`box${index}/`, `priority: ${priority}\n`)],
        [`box${index}/a.txt`, `prio-${priority} slow 20\n`],
      ]),
    ),
  });
  const { events } = await house.night();
  const started = (node: string) =>
    events
      .filter((event) => event.node === node && event.state === 'running')
      .map(({ spec }) => priorities[Number(spec.slice(1))]);
  t.deepEqual(started('plan'), [7, 5, 1, 0, -3]);
  t.deepEqual(started('work'), [7, 5, 1, 0, -3]);
});

for (const slots of [1, 3]) {
  test.serial(`an agent of ${slots} slots is asked ${slots} at a time`, async (t) => {
    const binding = `    tiny.worker: { engine: rules, slots: ${slots} }\n`;
    const house = await makeHouse(t, {
      'pantheon.yaml': tinyConfig('', binding),
      'specs/one.yaml': tinySpec('box/'),
      'specs/two.yaml': tinySpec('cup/'),
      ...Object.fromEntries(
        Array.from({ length: 5 }, (_, index) => [
          [`box/${index}.txt`, `wide-${index} slow 40\n`],
          [`cup/${index}.txt`, `wide-${index} slow 40\n`],
        ]).flat(),
      ),
    });
    tally().most = 0;
    await house.night();
    t.is(tally().most, slots);
  });
}

test.serial('one spec’s slow unit holds up no other spec', async (t) => {
  const house = await makeHouse(t, {
    'specs/slow.yaml': tinySpec('box/', 'priority: 9\n'),
    'specs/fast.yaml': tinySpec('cup/'),
    'box/a.txt': 'slow-one slow 1500\n',
    'cup/a.txt': 'fast-one\n',
  });
  const { events } = await house.night();
  const at = (spec: string, node: string) =>
    events.findIndex((event) => event.spec === spec && event.node === node && event.state === 'ok');
  t.true(at('fast', 'merge') < at('slow', 'work'));
});
