// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../src/config/schema.ts';
import { openOllamaEngine } from '../../src/engine/ollama.ts';
import { contract } from './contract.ts';
import { whyNot } from './engines-folder.ts';
import { ollamaContext, ollamaServer } from './ollama-server.ts';
import { freePort } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-ollama-'));
const server = ollamaServer(folder, await freePort());
const setting = 'profiles.gpu.default';
const runtime = { engine: 'ollama', model: 'tiny', contextTokens: ollamaContext } as const;

const open = (more: Partial<Runtime>) => openOllamaEngine({ ...runtime, ...more }, { setting });

contract({
  name: 'ollama',
  skip: whyNot('ollama', 'ollama/ollama'),
  start: server.start,
  stop: async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  },
  open: () => open({ url: server.url }),
  contextTokens: ollamaContext,
  server: {
    address: () => ({ url: server.url }),
    kill: server.kill,
    start: server.start,
    openAt: (address) => open(address),
  },
  adapter: 'Ollama takes adapters only as part of a model',
  counts: 'estimate',
  seeds: true,
});
