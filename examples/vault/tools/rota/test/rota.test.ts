import test from 'ava';
import { planRota } from '../src/index.ts';

const people = ['Aino', 'Mirela', 'Piotr'];

test('everybody takes a turn before anybody takes two', (t) => {
  const names = planRota(people, 6).map(({ person }) => person);
  t.deepEqual(names, [...people, ...people]);
});

test('who is away is passed over and comes first when back', (t) => {
  const rota = planRota(people, 3, new Map([[1, ['Aino']]]));
  t.deepEqual(
    rota.map(({ person }) => person),
    ['Mirela', 'Aino', 'Piotr'],
  );
});

test('a week without anybody is an error', (t) => {
  t.throws(() => planRota(people, 2, new Map([[2, people]])), { message: /week 2/ });
});
