// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLlamaEngine } from '../../src/engine/llama/engine.ts';
import { writeTinyModel } from '../tiny-model/tiny-model.ts';
import { contract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-tiny-'));
const tiny = writeTinyModel(folder);
const contextTokens = 1024;

contract({
  name: 'llama',
  stop: async () => rmSync(folder, { recursive: true, force: true }),
  open: () =>
    openLlamaEngine(
      { engine: 'llama', model: tiny.gguf, contextTokens },
      { setting: 'profiles.cpu.default' },
    ),
  contextTokens,
  server: 'it runs in processes of its own; test/engine/llama ends them',
  adapter: { name: 'tiny.adapter', path: tiny.adapter },
  counts: 'exact',
  seeds: true,
});
