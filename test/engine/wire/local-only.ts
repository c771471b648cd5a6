// SPDX-License-Identifier: GPL-3.0-only
import { createServer, Socket } from 'node:net';
import test from 'ava';
import { openEndpoint } from '../../../src/engine/wire/endpoint.ts';
import { NotLocalFault } from '../../../src/engine/wire/faults.ts';
import { loopbacks, tricks } from '../../boundary/tricks.ts';
import { asked, connectedTo } from './ways-out.ts';
import { proxies, setProxies } from './with-proxies.ts';
import { ask, bait, serve, setting, socketPath } from './with-server.ts';

for (const [title, url] of tricks) {
  test.serial(`sends nothing to ${title}: ${JSON.stringify(url)}`, async (t) => {
    const { port, arrived } = await bait(t);
    const [askedBefore, connectedBefore] = [asked.length, connectedTo.length];
    const opening = async () => {
      const endpoint = await openEndpoint({ url: url.replaceAll('PORT', String(port)) }, setting);
      t.teardown(endpoint.close);
      return ask(endpoint);
    };
    const fault = await t.throwsAsync(opening, { instanceOf: NotLocalFault });
    t.true(fault?.message.startsWith('profiles.gpu.default.url: '), fault?.message);
    t.deepEqual(asked.slice(askedBefore), []);
    t.deepEqual(connectedTo.slice(connectedBefore), []);
    t.deepEqual(arrived(), { connections: 0, bytes: 0 });
  });
}

for (const [url, host] of loopbacks.filter(([, address]) => !address.includes(':'))) {
  test.serial(`reaches ${url}`, async (t) => {
    const { port, arrived } = await bait(t);
    const onlyHere = host.startsWith('127.255') ? 'http://127.0.0.1:PORT' : url;
    const endpoint = await openEndpoint({ url: onlyHere.replace('PORT', String(port)) }, setting);
    t.teardown(endpoint.close);
    t.is(endpoint.origin, 'loopback');
    t.is(await (await ask(endpoint)).text(), '{}');
    t.is(arrived().connections, 1);
  });
}

for (const name of [...proxies, 'all of them']) {
  test.serial(`no proxy of the environment is used: ${name}`, async (t) => {
    const [engine, proxy] = await Promise.all([bait(t), bait(t)]);
    setProxies(t, proxy.port, name === 'all of them' ? proxies : [name]);
    const endpoint = await openEndpoint({ url: `http://127.0.0.1:${engine.port}` }, setting);
    t.teardown(endpoint.close);
    t.is((await ask(endpoint)).status, 200);
    t.is(engine.arrived().connections, 1);
    t.is(proxy.arrived().connections, 0);
  });
}

const redirects = [301, 302, 303, 307, 308];

for (const status of redirects) {
  test.serial(`a redirect is not followed: ${status}`, async (t) => {
    const elsewhere = await bait(t);
    const location = `http://127.0.0.1:${elsewhere.port}/`;
    const socket = await serve(t, (_request, response) => {
      response.writeHead(status, { location }).end('{}');
    });
    const endpoint = await openEndpoint({ socket }, setting);
    t.teardown(endpoint.close);
    const fault = await t.throwsAsync(ask(endpoint));
    t.regex(fault?.message ?? '', /redirects to http:\/\/127\.0\.0\.1.*never followed/);
    t.is(elsewhere.arrived().connections, 0);
  });
}

/** What a resolver answers from question to question: when opened, and at each connection. */
const rebindings: readonly (readonly [title: string, ...answers: (readonly string[])[]])[] = [
  ['a public address from the first connection on', ['127.0.0.1'], ['192.0.2.1']],
  ['a public address beside the loopback one', ['127.0.0.1'], ['127.0.0.1', '192.0.2.1']],
  ['a mapped public address', ['127.0.0.1'], ['::ffff:192.0.2.1']],
  ['every address', ['127.0.0.1'], ['0.0.0.0']],
  ['nothing any more', ['127.0.0.1'], []],
  ['a public address at once', ['192.0.2.1']],
];

for (const [title, ...answers] of rebindings) {
  test.serial(`a resolver that answers ${title} gets nothing`, async (t) => {
    const { port, arrived } = await bait(t);
    const connectedBefore = connectedTo.length;
    const left = [...answers];
    const opening = async () => {
      const lookup = async () => (left.length > 1 ? left.shift() : left[0]) ?? [];
      const endpoint = await openEndpoint({ url: `http://engine:${port}` }, setting, lookup);
      t.teardown(endpoint.close);
      return ask(endpoint);
    };
    await t.throwsAsync(opening, { instanceOf: NotLocalFault });
    t.deepEqual(connectedTo.slice(connectedBefore), []);
    t.deepEqual(arrived(), { connections: 0, bytes: 0 });
  });
}

test.serial('a name is connected to by the address that was judged', async (t) => {
  const { port, arrived } = await bait(t);
  const before = connectedTo.length;
  const lookup = async () => ['127.0.0.1'];
  const endpoint = await openEndpoint({ url: `http://engine:${port}` }, setting, lookup);
  t.teardown(endpoint.close);
  t.is((await ask(endpoint)).status, 200);
  t.deepEqual(connectedTo.slice(before), ['127.0.0.1']);
  t.is(arrived().connections, 1);
});

test.serial('where the connection ended is looked at before anything is sent', async (t) => {
  const { port, arrived } = await bait(t);
  const counting = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...args: Parameters<Socket['connect']>) {
    Object.defineProperty(this, 'remoteAddress', { value: '192.0.2.1' });
    return counting.apply(this, args);
  } as Socket['connect'];
  t.teardown(() => {
    Socket.prototype.connect = counting;
  });
  const endpoint = await openEndpoint({ url: `http://127.0.0.1:${port}` }, setting);
  t.teardown(endpoint.close);
  await t.throwsAsync(ask(endpoint), {
    instanceOf: NotLocalFault,
    message: /ended at 192\.0\.2\.1/,
  });
  t.is(arrived().bytes, 0);
});

test.serial('a socket that is swapped while it is connected to gets nothing', async (t) => {
  const { renameSync } = await import('node:fs');
  const socket = socketPath(t);
  let bytes = 0;
  const servers = [socket, `${socket}.other`].map((path) => {
    const server = createServer((connection) => {
      connection.on('data', (chunk) => {
        bytes += chunk.length;
      });
      connection.on('error', () => {});
    });
    t.teardown(() => server.close());
    return new Promise<void>((resolve) => server.listen(path, resolve));
  });
  await Promise.all(servers);
  const endpoint = await openEndpoint({ socket }, setting);
  t.teardown(endpoint.close);
  const counting = Socket.prototype.connect;
  Socket.prototype.connect = function (this: Socket, ...args: Parameters<Socket['connect']>) {
    this.prependOnceListener('connect', () => renameSync(`${socket}.other`, socket));
    return counting.apply(this, args);
  } as Socket['connect'];
  t.teardown(() => {
    Socket.prototype.connect = counting;
  });
  await t.throwsAsync(ask(endpoint), { instanceOf: NotLocalFault, message: /was replaced/ });
  t.is(bytes, 0);
});

test.serial('a profile names one place and not two or none', async (t) => {
  await t.throwsAsync(openEndpoint({}, setting), {
    instanceOf: NotLocalFault,
    message: /^profiles\.gpu\.default: says not where/,
  });
  const both = { socket: '/run/x.sock', url: 'http://127.0.0.1:1' };
  await t.throwsAsync(openEndpoint(both, setting), { message: /names a "socket" and a "url"/ });
});
