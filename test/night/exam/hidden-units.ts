// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { hiddenId, hostOf, hostsOf } from '../../../src/night/exam/hidden-units.ts';
import type { Night } from '../../../src/night/record/night-schemas.ts';

/** How many units each spec of a night has. */
type Sizes = readonly number[];

const nightOf = (id: string, specs: number): Pick<Night, 'id' | 'base' | 'specs'> => ({
  id,
  base: { commit: 'c0ffee'.padEnd(40, '0') },
  specs: Array.from({ length: specs }, (_, at) => ({
    spec: { id: `spec-${at}` },
  })) as unknown as Night['specs'],
});

const unitsOf = (count: number) => Array.from({ length: count }, (_, at) => ({ id: `u-${at}` }));

const hidden = (id: string, sizes: Sizes): number => {
  const night = nightOf(id, sizes.length);
  return sizes.reduce(
    (sum, size, at) => sum + hostsOf(night, `spec-${at}`, unitsOf(size)).length,
    0,
  );
};

const nights = Array.from({ length: 60 }, (_, at) => `2026-11-${at}`);

const mixes = test.macro((t, sizes: Sizes, [least, most]: readonly [number, number]) => {
  const counts = nights.map((id) => hidden(id, sizes));
  t.true(Math.min(...counts) >= least, `${Math.min(...counts)} at least`);
  t.true(Math.max(...counts) <= most, `${Math.max(...counts)} at most`);
});

const ones = (count: number): Sizes => Array.from({ length: count }, () => 1);

test('a spec of many units has a tenth', mixes, [200], [20, 21]);
test('specs of one unit have a tenth together', mixes, ones(70), [7, 7]);
test('a night of five specs has one', mixes, ones(5), [1, 1]);
test('a night of nine has one', mixes, ones(9), [1, 1]);
test('a spec of five units has one', mixes, [5], [1, 2]);
test('a night of less may have none', mixes, [3], [0, 1]);
test('and has no more for it', mixes, ones(4), [0, 1]);
test('nothing is hidden among nothing', mixes, [0, 0, 0], [0, 0]);

test('over many nights it is a tenth of what there is, whatever the specs', (t) => {
  const sizes = [1, 14, 3, 1, 7, 40, 2, 1, 1, 12];
  const units = sizes.reduce((sum, size) => sum + size, 0) * nights.length;
  const share = nights.reduce((sum, id) => sum + hidden(id, sizes), 0) / units;
  t.true(Math.abs(share - 0.1) < 0.01, `${share}`);
});

test('the same night draws the same units, another night others', (t) => {
  const drawnOn = (id: string) => hostsOf(nightOf(id, 1), 'spec-0', unitsOf(100));
  t.deepEqual(drawnOn('2026-11-21'), drawnOn('2026-11-21'));
  t.notDeepEqual(drawnOn('2026-11-21'), drawnOn('2026-11-22'));
  t.is(new Set(drawnOn('2026-11-21')).size, drawnOn('2026-11-21').length);
});

test('a hidden patch is told from a unit by its name alone', (t) => {
  t.is(hostOf(hiddenId('docs-a-md-0123456789')), 'docs-a-md-0123456789');
  for (const unit of ['docs-a-md-0123456789', '_spec', '_joined', 'exam-1']) {
    t.is(hostOf(unit), undefined);
  }
});
