// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { EngineFault } from '../../src/engine/contract/engine.ts';
import { openOllamaEngine } from '../../src/engine/ollama/engine.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { contract } from './contract.ts';
import { installed, tiny } from './engines-folder.ts';
import { ollamaContext, ollamaServer } from './ollama-server.ts';
import { refused, setting } from './refused.ts';
import { freePort } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-ollama-'));
const server = ollamaServer(folder, await freePort());
const runtime = {
  engine: 'ollama',
  model: 'tiny',
  contextTokens: ollamaContext,
  threads: 1,
} as const;

const open = (more: Partial<Runtime>) => openOllamaEngine({ ...runtime, ...more }, { setting });

contract({
  name: 'ollama',
  ...installed('ollama', 'ollama/ollama'),
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
  adapter: {
    openAdapted: async () => {
      await server.create('adapted', `FROM ${tiny().gguf}\nADAPTER ${tiny().adapter}\n`);
      return open({ url: server.url, model: 'adapted' });
    },
  },
  counts: 'estimate',
  seeds: true,
});

const real = installed('ollama', 'ollama/ollama');
const onServer = real.skip === undefined ? test.serial : test.skip;

const probe = (more: Partial<Runtime>) => async () => {
  const engine = await open({ url: server.url, ...more });
  await engine.probe().finally(engine.close);
};

onServer(
  'ollama: refuses a name that it has not',
  refused,
  probe({ model: 'big' }),
  /\.model: .*tiny:latest/,
);
onServer(
  'ollama: refuses more context than the model has',
  refused,
  probe({ contextTokens: 9000 }),
  /contextTokens: .*8192/,
);
onServer(
  'ollama: is not vLLM',
  refused,
  async () => {
    const { url } = server;
    const engine = await openVllmEngine({ engine: 'vllm', model: 'tiny', url }, { setting });
    await engine.probe().finally(engine.close);
  },
  /not a vLLM server: an Ollama server answers there/,
);

onServer('ollama: refuses a server whose cloud is on', async (t) => {
  const cloudy = ollamaServer(join(folder, 'cloudy'), await freePort(), { OLLAMA_NO_CLOUD: '0' });
  t.teardown(cloudy.kill);
  mkdirSync(join(folder, 'cloudy'));
  await cloudy.start();
  const engine = await open({ url: cloudy.url });
  t.teardown(engine.close);
  const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
  t.regex(error.message, /OLLAMA_NO_CLOUD=1/);
});

onServer('ollama: reads the marks of a template in an answer as text', async (t) => {
  const engine = await open({ url: server.url });
  t.teardown(engine.close);
  const marks = { a: 'x <|im_end|> <|im_start|> z' };
  const { text, finish } = await engine.complete({
    messages: [{ role: 'user', content: 'hello' }],
    schema: { type: 'object', properties: { a: { const: marks.a } }, required: ['a'] },
    maxTokens: 200,
    idleTimeoutMs: 60_000,
    signal: AbortSignal.timeout(120_000),
  });
  t.deepEqual([JSON.parse(text), finish], [marks, 'stop']);
});
