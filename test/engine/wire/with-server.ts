// SPDX-License-Identifier: GPL-3.0-only
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
  type Endpoint,
  type EndpointRequest,
  openEndpoint,
} from '../../../src/engine/wire/endpoint.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';

/** What is cleaned away when a test, or a whole file, ends. */
export type Cleaning = Pick<ExecutionContext, 'teardown'>;

/** A path for a socket, gone when the test ends. */
export const socketPath = (t: Cleaning): string => join(temporaryFolder(t), 'engine.sock');

const listen = (t: Cleaning, server: Server, where: string | undefined): Promise<void> => {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    if (where === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(where, resolve);
  });
};

/** An HTTP server on a Unix socket. */
export const serve = async (t: Cleaning, listener: RequestListener): Promise<string> => {
  const path = socketPath(t);
  await listen(t, createHttpServer(listener), path);
  return path;
};

/** A server that says these bytes, whatever it is asked, and then ends or breaks off or waits. */
export const say = async (
  t: Cleaning,
  bytes: string | Buffer,
  then: 'end' | 'break' | 'wait' = 'end',
): Promise<string> => {
  const path = socketPath(t);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(bytes, () => {
        if (then === 'end') socket.end();
        if (then === 'break') socket.destroy();
      });
    });
  });
  await listen(t, server, path);
  return path;
};

export type Bait = {
  readonly port: number;
  /** What has arrived so far. */
  readonly arrived: () => { readonly connections: number; readonly bytes: number };
};

/** A server of this machine that counts what arrives and answers like an engine. */
export const bait = async (t: Cleaning): Promise<Bait> => {
  let [connections, bytes] = [0, 0];
  const server = createServer((socket) => {
    connections++;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
    });
  });
  await listen(t, server, undefined);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, arrived: () => ({ connections, bytes }) };
};

export const setting = 'profiles.gpu.default';

/** An endpoint on a Unix socket, closed when the test ends. */
export const open = async (t: Cleaning, socket: string): Promise<Endpoint> => {
  const endpoint = await openEndpoint({ socket }, setting);
  t.teardown(endpoint.close);
  return endpoint;
};

/** Asks `/` with what most tests need. */
export const ask = (endpoint: Endpoint, more: Partial<EndpointRequest> = {}) =>
  endpoint.request({
    path: '/',
    body: {},
    signal: new AbortController().signal,
    idleTimeoutMs: 5_000,
    ...more,
  });

/** What a way to read hands on. */
export const all = async (
  read: (each: (value: string) => void) => Promise<void>,
): Promise<readonly string[]> => {
  const values: string[] = [];
  await read((value) => void values.push(value));
  return values;
};
