// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { type Sizing, sizeNight, sizingFormulas } from '../../../src/morning/metrics/sizing.ts';
import { each } from '../../each.ts';

const sized = test.macro((t, arrivals: number, expected: Partial<Sizing>) => {
  const sizing = sizeNight({ arrivals, serviceSeconds: 90, slots: 4, hours: 8 });
  t.like(sizing, { fits: 1024, fitsAtMost: 1280, slotsForWait: null, ...expected });
});

each(sized, {
  'a quiet night': [
    200,
    { state: 'fits', utilisation: 0.15625, cut: 0, slotsNeeded: 1, hoursAtOnce: 1.25 },
  ],
  'exactly what fits': [1024, { state: 'fits', utilisation: 0.8, cut: 0, slotsNeeded: 4 }],
  'one more': [1025, { state: 'tight', cut: 1, slotsNeeded: 5 }],
  'every slot busy': [
    1280,
    { state: 'tight', utilisation: 1, cut: 256, waitProbability: null, meanWaitSeconds: null },
  ],
  'more than a night': [
    2000,
    {
      state: 'too-much',
      cut: 976,
      slotsNeeded: 8,
      hoursAtOnce: 12.5,
      serviceSecondsNeeded: 46.08,
      waitProbability: null,
    },
  ],
  'one piece takes its service, however many slots': [1, { hoursAtOnce: 0.025 }],
});

test('with 55 agents of a call centre, and with as many as it takes', (t) => {
  const sizing = sizeNight({
    arrivals: 720,
    serviceSeconds: 240,
    slots: 55,
    hours: 1,
    waitAtMost: 0.2,
  });
  t.is(sizing.waitProbability?.toFixed(3), '0.239');
  t.is(sizing.meanWaitSeconds?.toFixed(1), '8.2');
  t.is(sizing.slotsForWait, 56);
});

test('the formulas have the numbers put in', (t) => {
  const lines = sizingFormulas(
    sizeNight({ arrivals: 1100, serviceSeconds: 90, slots: 4, hours: 8 }),
  );
  t.deepEqual(lines, [
    'lambda = arrivals / hours = 1100 / 8 = 137.5 an hour',
    'mu = 3600 / service = 3600 / 90 = 40 an hour and slot',
    'rho = lambda / (c mu) = 137.5 / (4 * 40) = 0.8594',
    'P(wait) = ErlangC(c, lambda / mu) = ErlangC(4, 3.438) = 0.7074',
    'mean wait = P(wait) / (c mu - lambda) = 0.7074 / (160 - 137.5) h = 113.2 s',
    'fits = 0.8 * c * mu * hours = 0.8 * 4 * 40 * 8 = 1024',
    'slots = lambda / (0.8 * mu) = 137.5 / (0.8 * 40), rounded up = 5',
  ]);
});
