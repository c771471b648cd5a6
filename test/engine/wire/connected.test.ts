// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { connectLocally } from '../../../src/engine/wire/target.ts';
import { serve } from './with-server.ts';

test('a process that had no core for longer than the limit is connected all the same', async (t) => {
  const path = await serve(t, (_, response) => response.end());
  const connecting = connectLocally({ path }, 20);
  // Nothing else of this process runs meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  const socket = await connecting;
  t.false(socket.connecting);
  socket.destroy();
});
