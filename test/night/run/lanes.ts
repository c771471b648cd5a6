// SPDX-License-Identifier: GPL-3.0-only
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import PQueue from 'p-queue';
import type { Engine } from '../../../src/engine/contract/engine.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import type { RunnableFlow } from '../../../src/night/open/open-flow.ts';
import { laneWidths, underWay } from '../../../src/night/run/lane-widths.ts';
import { openLanes } from '../../../src/night/run/lanes.ts';
import type { NightWatch } from '../../../src/night/run/session.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { fakeClock } from '../../engine/dispatch/fake-clock.ts';
import { asking, scripted } from '../../engine/dispatch/with-dispatcher.ts';
import { openDraw } from '../../simulated-engine/draw.ts';
import { tinyConfig, tinySpec } from '../support/tiny-house.ts';
import { makeHouse } from '../support/with-night.ts';

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

/* The night's queue and dispatcher, on a clock that takes no time: what is left is their own order. */

type FlowAgents = Pick<RunnableFlow, 'agents'>;

/** Two agents that share one engine: all that the lanes look at. */
const flowOn = (slots: number): FlowAgents => {
  const agent = (name: string) => ({
    agent: { manifest: { name } },
    runtime: { probe: { slots } },
  });
  const agents = { work: agent('work'), reviewA: agent('review'), reviewB: agent('review') };
  return { agents: new Map(Object.entries(agents)) } as unknown as FlowAgents;
};

/** Makespan over the ideal of units that take two answers to work and one to each of two reviews. */
const overIdeal = async (units: number, slots: number, seed: number): Promise<number> => {
  const clock = fakeClock();
  const server = scripted(clock);
  const dispatcher = createDispatcher({ slots, clock });
  const flows = [flowOn(slots)];
  const lanes = openLanes(laneWidths(flows, 1));
  const atOnce = underWay(flows);
  const draw = openDraw(seed);
  let work = 0;
  let ended = 0;
  const agents: Readonly<Record<string, Engine>> = {
    work: dispatcher.engineFor(server, 'work', slots),
    review: dispatcher.engineFor(server, 'review', slots),
  };
  const ask = async (agent: string, name: string, begun: boolean): Promise<void> => {
    const ms = 1000 + 2000 * draw();
    work += ms;
    const request = asking({ name, ms }, { group: agent });
    const order = request.messages.at(-1);
    const messages = begun && order ? [...request.messages, order] : request.messages;
    await agents[agent]?.complete({ ...request, messages });
    ended = clock.now();
  };
  const unit = async (name: string): Promise<void> => {
    await lanes.run('work', 1, async () => {
      await ask('work', name, false);
      await ask('work', name, true);
    });
    const review = () => lanes.run('review', 1, () => ask('review', name, false));
    await Promise.all([review(), review()]);
  };
  const queue = new PQueue({ concurrency: atOnce.units });
  const all = Promise.all(
    Array.from({ length: units }, (_, index) => queue.add(() => unit(`unit-${index}`))),
  );
  let done = false;
  all.finally(() => {
    done = true;
  });
  while (!done) await clock.pass(10_000);
  await all;
  dispatcher.close();
  return ended / (work / slots);
};

for (const seed of [1, 2, 3]) {
  test(`the order of a night's requests leaves no slot empty (${seed})`, async (t) => {
    const ratio = await overIdeal(1000, 64, seed);
    t.log(`over the ideal: ${ratio.toFixed(4)}`);
    t.true(ratio >= 1 && ratio < 1.02, ratio.toFixed(4));
  });
}

/* The same in a whole night. */

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
          [`box/${index}.txt`, `wide-${index} slow ${slots === 1 ? 40 : 1500}\n`],
          [`cup/${index}.txt`, `wide-${index} slow ${slots === 1 ? 40 : 1500}\n`],
        ]).flat(),
      ),
    });
    const { folder } = await house.night();
    const traces = openTraces(folder);
    const slept = traces.specs().flatMap((spec) =>
      traces.list(spec).flatMap((address) => {
        const diff =
          address.node === 'work' ? traces.read(address)?.files['diff.patch'] : undefined;
        const [, from, to] = /^\+slept (\d+) (\d+)$/m.exec(diff ?? '') ?? [];
        return from === undefined ? [] : [[Number(from), Number(to)] as const];
      }),
    );
    t.is(slept.length, 10);
    const most = slept.map(([at]) => slept.filter(([from, to]) => from <= at && at < to).length);
    t.is(Math.max(...most), slots);
  });
}

test.serial('one spec’s slow unit holds up no other spec', async (t) => {
  const house = await makeHouse(t, {
    'specs/slow.yaml': tinySpec('box/', 'priority: 9\n'),
    'pantheon.yaml': tinyConfig('', '    tiny.worker: { engine: rules, slots: 2 }\n'),
    'specs/fast.yaml': tinySpec('cup/'),
    'box/a.txt': 'slow-one slow 600000\n',
    'cup/a.txt': 'fast-one\n',
  });
  // The slow one is worked until the other has gone through; held up by it, the test would time out.
  const through = new AbortController();
  const ended: string[] = [];
  const node: NightWatch['node'] = ({ spec, node, state }) => {
    if (state !== 'ok') return;
    ended.push(`${spec} ${node}`);
    if (spec === 'fast' && node === 'merge') through.abort();
  };
  const night = house.night({ watch: { node, spec: () => {} }, signal: through.signal });
  await t.throwsAsync(night, { name: 'AbortError' });
  t.true(ended.includes('fast merge'));
  t.false(ended.includes('slow work'));
});
