// SPDX-License-Identifier: GPL-3.0-only
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from './scripts.ts';

const listen = async (where: { port?: 0; host?: string; path?: string }) => {
  const server = createServer((socket) => socket.end());
  server.listen(where);
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' ? (address as AddressInfo).port : 0 };
};

/** Puts up what attempts try to reach; everything is this process's own and goes with \`close\`. */
export const openWorld = async (key: string): Promise<World & { readonly close: () => void }> => {
  const folder = mkdtempSync(join(tmpdir(), 'pantheon-world-'));
  writeFileSync(join(folder, 'secret'), 'secret\n');
  mkdirSync(join(folder, 'shown'));
  writeFileSync(join(folder, 'shown/file'), 'good\n');
  const abstract = `pantheon-${process.pid}`;
  const tcp = await listen({ port: 0, host: '127.0.0.1' });
  const tcp6 = await listen({ port: 0, host: '::1' });
  const path = await listen({ path: join(folder, 'socket') });
  const named = await listen({ path: `\0${abstract}` });
  const udp = createSocket('udp4');
  udp.on('message', (message, { port, address }) => udp.send(message, port, address));
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  const mark = `victim-${process.pid}`;
  const victim = spawn('sh', ['-c', 'read line', mark], { stdio: ['pipe', 'ignore', 'ignore'] });
  return {
    folder,
    port: tcp.port,
    port6: tcp6.port,
    udp: udp.address().port,
    abstract,
    victim: victim.pid ?? 0,
    mark,
    hostname: hostname(),
    key,
    close: () => {
      for (const { server } of [tcp, tcp6, path, named]) server.close();
      udp.close();
      victim.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
