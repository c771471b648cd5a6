// SPDX-License-Identifier: GPL-3.0-only
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { addresses, names } from './addresses.ts';

/*
 * What is outside of the machine under test, in a network namespace of its own: the forge, a resolver, and
 * the cloud, which owns every other address. Prints each name that reached the forge in a hello.
 */

const [keyFile = '', certFile = ''] = process.argv.slice(2);

/** Set by a line on standard input: the resolver then leads the forge's names to the cloud. */
let lies = false;
process.stdin.on('data', (line) => {
  lies = line.toString().trim() === 'lie';
  process.stdout.write('told\n');
});

/** A page, a redirect, or a runner's registration: what asked for it, in base64. */
const responseTo = (request: string): string => {
  const isJit = request.startsWith('POST /repos/o/n/actions/runners/generate-jitconfig ');
  const encoded = Buffer.from(request).toString('base64');
  const body = isJit ? JSON.stringify({ encoded_jit_config: encoded }) : 'forge\n';
  const head = request.includes(' /away ')
    ? `302 Found\r\nLocation: https://${names.cloud}/`
    : '200 OK\r\nContent-Type: text/plain';
  return `HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
};

const tls = createTlsServer(
  { key: readFileSync(keyFile), cert: readFileSync(certFile) },
  (client) => {
    client.on('error', () => {});
    let request = '';
    client.on('data', (data) => {
      request += data;
      if (request.startsWith('POST') ? request.endsWith('}') : request.endsWith('\r\n\r\n')) {
        client.end(responseTo(request));
      }
    });
  },
);
tls.on('tlsClientError', () => {});

const serveForge = (client: Socket): void => {
  client.on('error', () => {});
  client.once('data', (hello) => {
    const said = [names.cloud, names.api, names.forge].find((name) => hello.includes(name));
    process.stdout.write(`hello ${client.localAddress} ${said ?? 'no name'}\n`);
    client.pause();
    client.unshift(hello);
    tls.emit('connection', client);
  });
};

/** An answer to a question of DNS (RFC 1035): one address of the family that was asked for, or none. */
const answerOf = (query: Buffer): Buffer => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const name = labels.join('.').toLowerCase();
  const bytesOf = (address: string) => Buffer.from(address.split('.').map(Number));
  const forge = name === names.forge ? addresses.forge : addresses.api;
  const isForge = name === names.forge || name === names.api;
  const data = type === 1 ? bytesOf(isForge && !lies ? forge : addresses.cloud) : undefined;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(data ? 1 : 0, 6);
  head.writeUInt32BE(0, 8);
  const record = data ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]), data] : [];
  return Buffer.concat([head, query.subarray(12, at + 5), ...record]);
};

for (const address of [addresses.forge, addresses.api]) {
  createServer(serveForge).listen(443, address);
}
const swallow = (client: Socket): void => {
  client.on('error', () => {});
  client.once('data', () => client.end());
};
for (const port of [21, 22, 80, 443, 853, 7000])
  createServer(swallow).listen(port, addresses.cloud);
const resolver = createSocket('udp4');
resolver.on('message', (query, { port, address }) => resolver.send(answerOf(query), port, address));
resolver.bind(53, addresses.resolver, () => process.stdout.write('ready\n'));
