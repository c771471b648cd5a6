// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { estimateLine, estimateNight } from '../../../src/night/decide/estimate-night.ts';
import { flowRuntimes } from '../../../src/night/record/measured-seconds.ts';

type Flows = Parameters<typeof estimateNight>[1];

/** One agent by file on an engine of two slots; 100 tokens are read a second and 10 written. */
const flowsOn = (engine: string, pace = true): Flows => {
  const agent = {
    agent: { manifest: { unit: 'file', limits: { maxSteps: 4, timeout: 600_000 } } },
    runtime: {
      probe: { identity: { engine }, slots: 2 },
      settings: {},
      ...(pace && { pace: { reads: 100, writes: 10, prompt: 200, answer: 100 } }),
    },
  };
  return new Map([['docs', { agents: new Map([['work', agent]]) }]]) as unknown as Flows;
};

const spec = { digest: 'd', flow: 'docs', files: 10, bytes: 4000 };
const runtimes = { 'docs/work': 'r' };
const by = { docs: flowRuntimes('docs', runtimes) };

test('by the speed of an engine: each agent once a unit, up to all that its limits allow', (t) => {
  t.deepEqual(estimateNight([spec], flowsOn('llama'), runtimes, undefined), {
    // 3000 tokens are read; ten answers of 32 tokens on two slots, or of 4 times 100 one after the other.
    least: (30 + 32) / 2,
    most: 30 + 400,
    basis: 'speed',
  });
});

test('by earlier nights, where the same runtimes worked the flow', (t) => {
  const estimate = (measured: Parameters<typeof estimateNight>[3]) =>
    estimateNight([spec], flowsOn('llama'), runtimes, measured);
  t.deepEqual(estimate({ specs: { d: 90 }, flows: { docs: 5 }, by }), {
    least: 45,
    most: 90,
    basis: 'nights',
  });
  t.like(estimate({ specs: {}, flows: { docs: 5 }, by }), { most: 50, basis: 'nights' });
  const others = { docs: flowRuntimes('docs', { 'docs/work': 'other' }) };
  t.like(estimate({ specs: { d: 90 }, flows: { docs: 5 }, by: others }), { basis: 'speed' });
});

test('nothing is said where no model works, or none was measured', (t) => {
  t.is(estimateNight([spec], flowsOn('rules'), runtimes, undefined), undefined);
  t.is(estimateNight([spec], flowsOn('llama', false), runtimes, undefined), undefined);
  t.is(estimateNight([], flowsOn('llama'), runtimes, undefined), undefined);
});

test('an estimate is a range with its basis', (t) => {
  t.is(
    estimateLine({ least: 31, most: 4300, basis: 'speed' }, 3),
    '3 specs are expected to take between 31 s and 72 minutes: an estimate by the speed of the engines, each agent asked once a unit or as much as its limits allow. An exam of reviewers that is due comes on top.',
  );
  t.regex(
    estimateLine({ least: 3600, most: 3600 * 6, basis: 'nights' }, 1),
    /^One spec is .*60 minutes and 6 hours: .* as the last nights took/,
  );
});
