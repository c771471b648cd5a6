// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOpenVinoEngine } from '../../src/engine/openvino.ts';
import { writeTinyModel } from '../tiny-model/tiny-model.ts';
import { contract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-openvino-'));
const tiny = writeTinyModel(folder);
const contextTokens = 1024;
const setting = 'profiles.cpu.default';

contract({
  name: 'openvino',
  stop: async () => rmSync(folder, { recursive: true, force: true }),
  open: () =>
    openOpenVinoEngine({ engine: 'openvino', model: tiny.gguf, contextTokens }, { setting }),
  contextTokens,
  server: 'it runs in processes of its own',
  adapter: 'its binding takes no adapters',
  counts: 'exact',
  seeds: true,
});
