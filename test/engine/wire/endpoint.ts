// SPDX-License-Identifier: GPL-3.0-only
import type { ServerResponse } from 'node:http';
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { connectLocally } from '../../../src/engine/wire/target.ts';
import { all, ask, open, serve } from './with-server.ts';

test('sends JSON and reads status, headers and text', async (t) => {
  const socket = await serve(t, (request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      response.writeHead(404);
      response.end(`${request.method} ${request.url} ${request.headers.host} ${body}`);
    });
  });
  const endpoint = await open(t, socket);
  t.is(endpoint.origin, 'unix-socket');
  t.is(endpoint.address, `profiles.gpu.default.socket: ${socket}`);
  const response = await ask(endpoint, { path: '/v1/x?y=1', body: { text: 'grün 🌱' } });
  t.is(response.status, 404);
  t.is(await response.text(), 'POST /v1/x?y=1 localhost {"text":"grün 🌱"}');
});

test('reads lines and events as they come, however the bytes are cut', async (t) => {
  const stream =
    ': hello\r\n\r\ndata: grün 🌱\r\n\r\nevent: x\ndata: a\ndata:b\n\n\ndata: [DONE]\n\n';
  const socket = await serve(t, async (request, response) => {
    const bytes = Buffer.from(request.url === '/lines' ? 'a\r\n\nübér\nlast' : stream);
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      if (byte > 127) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  });
  const endpoint = await open(t, socket);
  const lines = await ask(endpoint, { path: '/lines' });
  t.deepEqual(await all(lines.lines), ['a', '', 'übér', 'last']);
  const events = await ask(endpoint, { path: '/events' });
  t.deepEqual(await all(events.events), ['grün 🌱', 'a\nb', '[DONE]']);
});

test('an answer is read up to its bound and no further', async (t) => {
  let written = 0;
  const socket = await serve(t, (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(1024))) written += 1024;
    };
    response.on('drain', more);
    more();
  });
  const endpoint = await open(t, socket);
  const response = await ask(endpoint, { maxBytes: 10_000 });
  await t.throwsAsync(response.text(), { message: /more than 10,?000 bytes/ });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const then = written;
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.is(written, then, 'the connection is ended');
});

test('idle time ends a request, before the answer and within it', async (t) => {
  const socket = await serve(t, (request, response) => {
    if (request.url === '/within') response.write('data: 1\n\n');
  });
  const endpoint = await open(t, socket);
  await t.throwsAsync(ask(endpoint, { idleTimeoutMs: 400 }), {
    instanceOf: EngineFault,
    message: /sent nothing for 0\.4 s/,
  });
  const response = await ask(endpoint, { path: '/within', idleTimeoutMs: 2000 });
  await t.throwsAsync(all(response.events), { message: /sent nothing for 2 s/ });
});

test('a slow answer is no idle one, and every piece is told', async (t) => {
  const socket = await serve(t, async (_request, response) => {
    for (let piece = 0; piece < 24; piece++) {
      response.write(`data: ${piece}\n\n`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.end();
  });
  const endpoint = await open(t, socket);
  let told = 0;
  const onProgress = () => {
    told++;
  };
  const response = await ask(endpoint, { idleTimeoutMs: 2000, onProgress });
  t.is((await all(response.events)).length, 24);
  t.true(told >= 24, `${told}`);
});

test('an abort ends the request with its reason, whenever it comes', async (t) => {
  let closed = 0;
  const socket = await serve(t, (_request, response) => {
    response.on('close', () => closed++);
    response.write('data: 1\n\n');
  });
  const endpoint = await open(t, socket);
  const reason = new Error('the night is over');

  const before = AbortSignal.abort(reason);
  t.is(await ask(endpoint, { signal: before }).catch((error) => error), reason);

  const within = new AbortController();
  const response = await ask(endpoint, { signal: within.signal });
  const reading = all(response.events).catch((error) => error);
  setTimeout(() => within.abort(reason), 20);
  t.is(await reading, reason);

  const early = new AbortController();
  const asking = ask(endpoint, { signal: early.signal }).catch((error) => error);
  early.abort(reason);
  t.is(await asking, reason);
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.true(closed >= 1, 'the server sees it');
});

test('a piece that begins with a mark of byte order loses nothing', async (t) => {
  const socket = await serve(t, async (_request, response) => {
    for (const piece of ['data: a', '\uFEFF', 'b\uFEFF\n\n']) {
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  });
  const endpoint = await open(t, socket);
  t.deepEqual(await all((await ask(endpoint)).events), ['a\uFEFFb\uFEFF']);
});

test('who stops reading lets the server stop', async (t) => {
  let stopped: (() => void) | undefined;
  const closed = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const socket = await serve(t, (_request, response) => {
    const timer = setInterval(() => response.write('data: x\n\n'), 5);
    response.on('close', () => {
      clearInterval(timer);
      stopped?.();
    });
  });
  const endpoint = await open(t, socket);
  const response = await ask(endpoint);
  const enough = new Error('enough');
  const reading = response.events((value) => {
    t.is(value, 'x');
    throw enough;
  });
  t.is(await t.throwsAsync(reading), enough);
  await closed;
});

test('two hundred requests at once, each over a connection of its own', async (t) => {
  const connections = new Set<unknown>();
  let [running, most] = [0, 0];
  let waiting: ServerResponse[] = [];
  // Nobody is answered before all have asked.
  const socket = await serve(t, (request, response) => {
    connections.add(request.socket);
    running += 1;
    most = Math.max(most, running);
    request.socket.once('close', () => {
      running -= 1;
    });
    waiting.push(response);
    if (waiting.length < 200) return;
    for (const each of waiting) each.end('{}');
    waiting = [];
  });
  const endpoint = await open(t, socket);
  const round = () =>
    Promise.all(Array.from({ length: 200 }, async () => (await ask(endpoint)).text()));
  t.is((await round()).length, 200);
  await round();
  t.is(connections.size, 400, 'an idle connection may be closed as the next request is written');
  t.true(most <= 256, `${most}`);
});

test('closing ends what is under way', async (t) => {
  const socket = await serve(t, () => {});
  const endpoint = await open(t, socket);
  const asking = ask(endpoint);
  setTimeout(() => void endpoint.close(), 20);
  await t.throwsAsync(asking, { instanceOf: EngineFault, message: /was closed on this side/ });
});

test('a process that had no core for longer than the limit is connected all the same', async (t) => {
  const path = await serve(t, (_, response) => response.end());
  const connecting = connectLocally({ path }, 20);
  // Nothing else of this process runs meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  const socket = await connecting;
  t.false(socket.connecting);
  socket.destroy();
});
