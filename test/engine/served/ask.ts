// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { askServer } from '../../../src/engine/served/who-answers.ts';
import { openEndpoint } from '../../../src/engine/wire/endpoint.ts';
import { serve } from '../wire/with-server.ts';

const setting = 'profiles.gpu.default';

test('an answer that drips is waited for twice as long as silence, and no longer', async (t) => {
  const socket = await serve(t, (_, answer) => {
    const drops = setInterval(() => answer.write(' '), 20);
    answer.on('close', () => clearInterval(drops));
  });
  const endpoint = await openEndpoint({ socket }, setting);
  t.teardown(endpoint.close);
  const started = performance.now();
  const error = await t.throwsAsync(askServer(endpoint, '/version', { timeoutMs: 1000 }), {
    instanceOf: EngineFault,
  });
  t.regex(error.message, /^profiles\.gpu\.default\.socket: .*no whole answer within 2 s/);
  const took = performance.now() - started;
  t.true(took > 1990 && took < 20_000, `${took} ms`);
});

test('an abort is told as such, also while it drips', async (t) => {
  const socket = await serve(t, (_, answer) => answer.write(' '));
  const endpoint = await openEndpoint({ socket }, setting);
  t.teardown(endpoint.close);
  const controller = new AbortController();
  const asked = askServer(endpoint, '/version', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await t.throwsAsync(asked, { message: 'enough' });
});
