// SPDX-License-Identifier: GPL-3.0-only
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import test from 'ava';
import { BusyFault, EngineFault } from '../../../src/engine/contract/engine.ts';
import { openEndpoint } from '../../../src/engine/wire/endpoint.ts';
import { retryAfterMs, UnreachableFault } from '../../../src/engine/wire/faults.ts';
import { all, ask, bait, open, say, serve, setting, socketPath } from './with-server.ts';

const answer = (body: string | Buffer, head = 'content-type: text/plain'): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\n${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);

const event = 'data: {"half": ';
const chunked = (body: string) =>
  `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`;

type Reader = 'text' | 'json' | 'lines' | 'events';

const faults: Readonly<
  Record<
    string,
    readonly [bytes: string | Buffer, then: 'end' | 'break' | 'wait', read: Reader, message: RegExp]
  >
> = {
  'nothing at all': ['', 'end', 'text', /broke the connection off/],
  'a connection broken off': ['', 'break', 'text', /broke the connection off/],
  'another protocol': ['SSH-2.0-OpenSSH_9.9\r\n', 'wait', 'text', /does not speak HTTP/],
  'a TLS alert': [Buffer.from('15030300020246', 'hex'), 'end', 'text', /does not speak HTTP/],
  'half a head': ['HTTP/1.1 200 OK\r\ncontent-', 'end', 'text', /broke the connection off/],
  'half a body': [answer('{"a":1}').subarray(0, -3), 'end', 'json', /broke the connection off/],
  'half a JSON that claims to be whole': [
    answer('{"a":'),
    'end',
    'json',
    /JSON that is not whole: \{"a":/,
  ],
  'an empty answer': [answer(''), 'end', 'json', /an empty answer/],
  'a page': [answer('<html>hello'), 'end', 'json', /JSON that is not whole: <html>hello/],
  'a page as a stream': [
    answer('<html>\n\n'),
    'end',
    'events',
    /something else than a stream of events/,
  ],
  'half an event': [answer(event), 'end', 'events', /in the middle of an event/],
  'half a stream': [chunked(event), 'break', 'events', /broke the connection off/],
  'half a stream of lines': [chunked(event), 'end', 'lines', /broke the connection off/],
  'bytes that are not text': [answer(Buffer.of(0xff, 0xfe)), 'end', 'text', /not text/],
  'half a character': [answer(Buffer.from('ü').subarray(0, 1)), 'end', 'text', /not text/],
  'an answer compressed unasked': [
    answer('x', 'content-encoding: gzip'),
    'end',
    'text',
    /compresses its answer/,
  ],
  'endless headers': [
    `HTTP/1.1 200 OK\r\n${'x-y: z\r\n'.repeat(10_000)}`,
    'wait',
    'text',
    /more headers/,
  ],
  'a line without end': [answer('x'.repeat(5_000_000)), 'end', 'lines', /a line longer than/],
  'a line of events without end': [
    answer(`data: ${'x'.repeat(5_000_000)}`),
    'end',
    'events',
    /a line longer than/,
  ],
};

for (const [title, [bytes, then, read, message]] of Object.entries(faults)) {
  test(`a server that answers ${title}`, async (t) => {
    const socket = await say(t, bytes, then);
    const endpoint = await open(t, socket);
    const reading = async () => {
      const response = await ask(endpoint);
      if (read === 'lines' || read === 'events') return all(response[read]);
      const body = await response.text();
      return read === 'json' ? endpoint.parse(body) : body;
    };
    const fault = await t.throwsAsync(reading, { instanceOf: EngineFault });
    t.regex(fault?.message ?? '', message);
    t.true(fault?.message.startsWith(`profiles.gpu.default.socket: ${socket} `), fault?.message);
  });
}

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
  await t.throwsAsync(openEndpoint({ socket }, setting), { message: /is a file and not a socket/ });
});

test('a server that comes back is reached again', async (t) => {
  const socket = socketPath(t);
  const endpoint = await open(t, socket);
  await t.throwsAsync(ask(endpoint), { instanceOf: UnreachableFault });
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => server.close());
  t.is(await (await ask(endpoint)).text(), '{}');
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
