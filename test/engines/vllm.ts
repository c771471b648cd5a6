// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../src/config/schema.ts';
import { openVllmEngine } from '../../src/engine/vllm.ts';
import { contract } from './contract.ts';
import { tiny, whyNot } from './engines-folder.ts';
import { vllmContext, vllmServer } from './vllm-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-vllm-'));
const server = vllmServer(folder);
const setting = 'profiles.gpu.default';

const open = (more: Partial<Runtime> = {}) =>
  openVllmEngine({ engine: 'vllm', model: 'tiny', socket: server.socket, ...more }, { setting });

contract({
  name: 'vllm',
  skip: whyNot('vllm', 'vllm/bin/vllm'),
  start: server.start,
  stop: async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  },
  open: () => open(),
  contextTokens: vllmContext,
  server: {
    address: () => ({ socket: server.socket }),
    kill: server.kill,
    start: server.start,
    openAt: (address) => {
      if (!('socket' in address)) throw new Error('the proxy listens on a socket');
      return open({ socket: address.socket });
    },
  },
  adapter: { name: 'tiny.adapter', path: tiny().hfAdapter },
  counts: 'exact',
  seeds: true,
});
