import test from 'ava';
import { pickNext } from '../src/turn.ts';

test('who was never on call comes first', (t) => {
  t.is(pickNext(['Aino', 'Mirela'], ['Aino']), 'Mirela');
});

test('nobody to pick from', (t) => {
  t.is(pickNext([], ['Aino']), undefined);
});
