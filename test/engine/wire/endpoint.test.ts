// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { BusyFault, EngineFault } from '../../../src/engine/engine.ts';
import { type Endpoint, openEndpoint } from '../../../src/engine/wire/endpoint.ts';
import { retryAfterMs, UnreachableFault } from '../../../src/engine/wire/faults.ts';
import { all, ask, bait, say, serve, socketPath } from './with-server.ts';

const setting = 'profiles.gpu.default';

const open = async (t: ExecutionContext, socket: string): Promise<Endpoint> => {
  const endpoint = await openEndpoint({ socket }, setting);
  t.teardown(endpoint.close);
  return endpoint;
};

const answer = (body: string | Buffer, head = 'content-type: text/plain'): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);

test('sends JSON and reads status, headers and text', async (t) => {
  const socket = await serve(t, (request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      response.writeHead(404, { 'x-kind': 'engine' });
      response.end(`${request.method} ${request.url} ${request.headers.host} ${body}`);
    });
  });
  const endpoint = await open(t, socket);
  t.is(endpoint.origin, 'unix-socket');
  t.is(endpoint.address, `profiles.gpu.default.socket: ${socket}`);
  const response = await ask(endpoint, { path: '/v1/x?y=1', body: { text: 'grün 🌱' } });
  t.is(response.status, 404);
  t.is(response.headers['x-kind'], 'engine');
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

const event = 'data: {"half": ';
const chunked = (body: string) =>
  `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`;

type Reader = 'text' | 'json' | 'lines' | 'events';

const faults: readonly (readonly [
  title: string,
  bytes: string | Buffer,
  then: 'end' | 'break' | 'wait',
  read: Reader,
  message: RegExp,
])[] = [
  ['nothing at all', '', 'end', 'text', /broke the connection off/],
  ['a connection broken off', '', 'break', 'text', /broke the connection off/],
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'wait', 'text', /does not speak HTTP/],
  ['a TLS alert', Buffer.from('15030300020246', 'hex'), 'end', 'text', /does not speak HTTP/],
  ['half a head', 'HTTP/1.1 200 OK\r\ncontent-', 'end', 'text', /broke the connection off/],
  ['half a body', answer('{"a":1}').subarray(0, -3), 'end', 'json', /broke the connection off/],
  ['half a JSON that claims to be whole', answer('{"a":'), 'end', 'json', /no whole JSON: \{"a":/],
  ['an empty answer', answer(''), 'end', 'json', /an empty answer/],
  ['a page', answer('<html>hello'), 'end', 'json', /no whole JSON: <html>hello/],
  ['a page as a stream', answer('<html>\n\n'), 'end', 'events', /no stream of events/],
  ['half an event', answer(event), 'end', 'events', /in the middle of an event/],
  ['half a stream', chunked(event), 'break', 'events', /broke the connection off/],
  ['half a stream of lines', chunked(event), 'end', 'lines', /broke the connection off/],
  ['bytes that are no text', answer(Buffer.of(0xff, 0xfe)), 'end', 'text', /no text/],
  ['half a character', answer(Buffer.from('ü').subarray(0, 1)), 'end', 'text', /no text/],
  [
    'an answer compressed unasked',
    answer('x', 'content-encoding: gzip'),
    'end',
    'text',
    /compresses its answer/,
  ],
  [
    'endless headers',
    `HTTP/1.1 200 OK\r\n${'x-y: z\r\n'.repeat(10_000)}`,
    'wait',
    'text',
    /more headers/,
  ],
  ['a line without end', answer('x'.repeat(5_000_000)), 'end', 'lines', /a line longer than/],
  [
    'a line of events without end',
    answer(`data: ${'x'.repeat(5_000_000)}`),
    'end',
    'events',
    /a line longer than/,
  ],
];

for (const [title, bytes, then, read, message] of faults) {
  test(`a server that answers ${title}`, async (t) => {
    const socket = await say(t, bytes, then);
    const endpoint = await open(t, socket);
    const reading = async () => {
      const response = await ask(endpoint);
      return read === 'lines' || read === 'events' ? all(response[read]) : response[read]();
    };
    const fault = await t.throwsAsync(reading, { instanceOf: EngineFault });
    t.regex(fault?.message ?? '', message);
    t.true(fault?.message.startsWith(`profiles.gpu.default.socket: ${socket} `), fault?.message);
  });
}

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

test('nothing there: a socket that is not there, one left behind, a port nobody has', async (t) => {
  const absent = await open(t, socketPath(t));
  await t.throwsAsync(ask(absent), {
    instanceOf: UnreachableFault,
    message: /engine\.sock nothing listens there, the file is not there; start the server or/,
  });
  const { port } = await bait(t);
  const unused = await openEndpoint({ url: `http://127.0.0.1:${port === 1 ? 2 : 1}` }, setting);
  t.teardown(unused.close);
  await t.throwsAsync(ask(unused), {
    instanceOf: UnreachableFault,
    message: /^profiles\.gpu\.default\.url: http:\/\/127\.0\.0\.1:\d nothing listens there/,
  });
});

test('a file in the place of the socket is said when it is opened', async (t) => {
  const socket = socketPath(t);
  writeFileSync(socket, '');
  await t.throwsAsync(openEndpoint({ socket }, setting), { message: /is a file and no socket/ });
});

test('a server that comes back is reached again', async (t) => {
  const { createServer } = await import('node:http');
  const socket = socketPath(t);
  const endpoint = await open(t, socket);
  await t.throwsAsync(ask(endpoint), { instanceOf: UnreachableFault });
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => server.close());
  t.deepEqual(await (await ask(endpoint)).json(), {});
});

test('429 and 503 say when to come back', async (t) => {
  const socket = await serve(t, (request, response) => {
    const seconds = request.url === '/429' ? { 'retry-after': '7' } : {};
    response.writeHead(Number(request.url?.slice(1)), seconds).end('{}');
  });
  const endpoint = await open(t, socket);
  const busy = await t.throwsAsync<BusyFault>(ask(endpoint, { path: '/429' }), {
    instanceOf: BusyFault,
  });
  t.is(busy?.retryAfterMs, 7_000);
  const gone = await t.throwsAsync<BusyFault>(ask(endpoint, { path: '/503' }), {
    instanceOf: BusyFault,
  });
  t.is(gone?.retryAfterMs, undefined);
  t.is((await ask(endpoint, { path: '/500' })).status, 500);
});

const now = Date.parse('2026-11-20T10:00:00Z');
const waits: readonly (readonly [value: string | undefined, ms: number | undefined])[] = [
  [undefined, undefined],
  ['0', 0],
  ['12', 12_000],
  ['999999999', 300_000],
  ['Fri, 20 Nov 2026 10:00:30 GMT', 30_000],
  ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ['Fri, 20 Nov 2099 09:00:00 GMT', 300_000],
  ['soon', undefined],
  ['-5', undefined],
];

for (const [value, ms] of waits) {
  test(`retry-after ${value} is ${ms} ms`, (t) => {
    t.is(retryAfterMs(value, now), ms);
  });
}

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
    for (let piece = 0; piece < 12; piece++) {
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
  const response = await ask(endpoint, { idleTimeoutMs: 800, onProgress });
  t.is((await all(response.events)).length, 12);
  t.true(told >= 12, `${told}`);
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
  let [held, most] = [0, 0];
  let waiting: ServerResponse[] = [];
  // Nobody is answered before all have asked.
  const socket = await serve(t, (request, response) => {
    connections.add(request.socket);
    held += 1;
    most = Math.max(most, held);
    request.socket.once('close', () => {
      held -= 1;
    });
    waiting.push(response);
    if (waiting.length < 200) return;
    for (const each of waiting) each.end('{}');
    waiting = [];
  });
  const endpoint = await open(t, socket);
  const round = () =>
    Promise.all(Array.from({ length: 200 }, async () => (await ask(endpoint)).json()));
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
