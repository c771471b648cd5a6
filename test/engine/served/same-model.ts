// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openSameModel, type Told } from '../../../src/engine/served/same-model.ts';

const watched = (told: Told) => {
  const server = { told, asked: 0, ms: 0 };
  const find = async () => {
    server.asked += 1;
    return { told: server.told };
  };
  const where = { setting: 'profiles.desk.default', model: 'tiny' };
  return { server, same: openSameModel(find, where, () => server.ms) };
};

test('a server is looked at once, and again after a fault and after a minute', async (t) => {
  const { server, same } = watched({ sha256: 'a' });
  await same.look();
  await same.look();
  t.is(server.asked, 1);
  same.forget();
  await same.look();
  t.is(server.asked, 2);
  server.ms = 60_001;
  await same.look();
  t.is(server.asked, 3);
});

test('another model is refused until the first one is back, or a probe begins again', async (t) => {
  const { server, same } = watched({ sha256: 'a' });
  await same.look();
  server.told = { sha256: 'b' };
  await same.look();
  server.ms = 60_001;
  const refused = {
    instanceOf: EngineFault,
    message: /^profiles\.desk\.default\.model: .*another "tiny" \(sha256 b\) than before \(a\)/,
  };
  await t.throwsAsync(same.look(), refused);
  await t.throwsAsync(same.look(), refused, 'not only once');
  server.told = { sha256: 'a' };
  await same.look();
  server.told = { sha256: 'b' };
  t.deepEqual((await same.begin()).told, { sha256: 'b' });
  await same.look();
});
