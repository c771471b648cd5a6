// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  meanWait,
  slotsFor,
  slotsForWait,
  utilisation,
  waitProbability,
} from '../../../src/morning/metrics/queue.ts';
import { each } from '../../each.ts';

const near = (actual: number, expected: number, share = 1e-9): boolean =>
  Math.abs(actual - expected) <= share * Math.abs(expected);

const waits = test.macro((t, load: number, slots: number, expected: number, share: number) => {
  const wait = waitProbability({ arrivalRate: load, serviceRate: 1, slots });
  t.true(near(wait, expected, share), `${wait} is not ${expected}`);
});

each(waits, {
  // M/M/1: it waits where the one slot is busy, which is rho.
  'one slot': [0.5, 1, 0.5, 1e-12],
  // D. Gross et al., Fundamentals of Queueing Theory, example of an M/M/3 clinic: r = 2, Lq = 8/9, C = 4/9
  'three slots': [2, 3, 4 / 9, 1e-12],
  // The Erlang-C Formula, mitan.co.uk/erlang/elgcmath.htm: 360 calls in half an hour of 4 minutes each, 55
  // agents: 0.239; scipy as below: 0.2387
  '48 erlangs on 55 agents': [48, 55, 0.239, 2e-3],
  // scipy 1.12: c B / (c - a (1 - B)) with B = exp(poisson.logpmf(c, a) - poisson.logcdf(c, a))
  'a thousand slots': [950, 1000, 0.06825341537708875, 1e-9],
  'ten thousand slots': [9900, 10_000, 0.22277692886363507, 1e-9],
  'ten thousand slots, nearly full': [9999, 10_000, 0.9875562524344748, 1e-9],
  'ten thousand slots, hardly used': [1, 10_000, 0, 0],
  'no arrivals': [0, 3, 0, 0],
  'more than it can take': [3, 3, 1, 0],
});

test('utilisation is lambda / (c mu)', (t) => {
  t.is(utilisation({ arrivalRate: 25, serviceRate: 40, slots: 4 }), 0.15625);
});

test('the wait of the clinic and of the call centre', (t) => {
  // The clinic: 6 patients an hour, 20 minutes each, 3 doctors: Wq = Lq / lambda = 8.89 minutes.
  const clinic = meanWait({ arrivalRate: 6, serviceRate: 3, slots: 3 }) ?? 0;
  t.true(near(clinic * 60, 80 / 9));
  // mitan.co.uk: 8.2 seconds with 0.2 calls a second of 240 s on 55 agents
  const calls = meanWait({ arrivalRate: 0.2, serviceRate: 1 / 240, slots: 55 }) ?? 0;
  t.is(calls.toFixed(1), '8.2');
  t.is(meanWait({ arrivalRate: 9, serviceRate: 3, slots: 3 }), null);
});

const needs = test.macro((t, load: number, most: number, slots: number) => {
  t.is(slotsFor({ arrivalRate: load, serviceRate: 1 }, most), slots);
});

each(needs, {
  'exactly at the line': [8, 0.8, 10],
  'a little above it': [8.01, 0.8, 11],
  'a tenth of a slot': [0.1, 0.8, 1],
  'a rounding error costs no slot': [2.4, 0.8, 3],
});

const needsForWait = test.macro((t, load: number, most: number, slots: number) => {
  t.is(slotsForWait({ arrivalRate: load, serviceRate: 1 }, most), slots);
});

// scipy 1.12 as above: the first number of slots whose probability is not above the line
each(needsForWait, {
  'at most a fifth waits': [48, 0.2, 56],
  'at most a twentieth waits': [18, 0.05, 27],
  'at most a hundredth waits, of ten thousand': [9900, 0.01, 10_138],
  'all may wait': [48, 1, 1],
});

test('a load beyond all sizing is refused, not worked out for hours', (t) => {
  t.throws(() => slotsFor({ arrivalRate: 1e12, serviceRate: 1 }), { instanceOf: RangeError });
  t.throws(() => slotsForWait({ arrivalRate: 1e12, serviceRate: 1 }, 0.1), {
    instanceOf: RangeError,
  });
});
