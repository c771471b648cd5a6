// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { createShares } from '../../../src/engine/local/pool-shares.ts';

type Settings = { readonly model: string };

/** Shares of what notes that it was opened and closed; a model called `none` cannot be opened. */
const shares = () => {
  const [opened, closed]: [string[], string[]] = [[], []];
  const share = createShares(async ({ model }: Settings) => {
    if (model === 'none') throw new Error('no room');
    opened.push(model);
    return { close: async () => void closed.push(model) };
  });
  return { share, opened, closed };
};

test('what two share is opened once, and ends with the last of them', async (t) => {
  const { share, opened, closed } = shares();
  const [one, other] = [share({ model: 'a' }), share({ model: 'a' })];
  const pool = await one.pool('x', 'digest');
  t.is(await other.pool('y', 'digest'), pool);
  t.is(await one.pool('x', 'digest'), pool);
  await one.close();
  t.deepEqual(closed, []);
  await other.close();
  t.deepEqual([opened, closed], [['a'], ['a']]);
  await t.throwsAsync(other.pool('y', 'digest'), { message: /closed/ });
  const again = share({ model: 'a' });
  t.not(await again.pool('x', 'digest'), pool);
  await again.close();
});

test('other settings and other weights are held apart', async (t) => {
  const { share, closed } = shares();
  const [one, settings, weights] = [{ model: 'a' }, { model: 'b' }, { model: 'a' }].map(share);
  await one?.pool('x', 'digest');
  await settings?.pool('x', 'digest');
  await weights?.pool('x', 'other');
  await settings?.close();
  t.deepEqual(closed, ['b']);
  await weights?.close();
  await one?.close();
  t.deepEqual(closed, ['b', 'a', 'a']);
});

test('what could not be opened is tried anew, and nothing of it is closed', async (t) => {
  const { share, closed } = shares();
  const one = share({ model: 'none' });
  await t.throwsAsync(one.pool('x', 'digest'), { message: 'no room' });
  await t.throwsAsync(one.pool('x', 'digest'), { message: 'no room' });
  await one.close();
  t.deepEqual(closed, []);
});
