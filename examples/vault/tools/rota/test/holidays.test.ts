import test from 'ava';
import { holidaysIn, isHoliday } from '../src/index.ts';

test('knows the fixed holidays', (t) => {
  t.true(isHoliday(new Date('2025-05-01T10:00:00Z')));
  t.false(isHoliday(new Date('2025-05-02T10:00:00Z')));
});

test('lists them for a year', (t) => {
  t.deepEqual(holidaysIn(2026).slice(0, 2), ['2026-01-01', '2026-05-01']);
});
