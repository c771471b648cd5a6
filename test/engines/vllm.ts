// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { emptyLock } from '../../src/engine/models/models-lock.ts';
import { openOllamaEngine } from '../../src/engine/ollama/engine.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { adapterFiles, makeAdapter } from '../tiny-model/adapter.ts';
import { contract } from './contract.ts';
import { installed, tiny } from './engines-folder.ts';
import { refused, setting } from './refused.ts';
import { vllmContext, vllmServer } from './vllm-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-vllm-'));
const server = vllmServer(folder);

const open = (more: Partial<Runtime> = {}) =>
  openVllmEngine({ engine: 'vllm', model: 'tiny', socket: server.socket, ...more }, { setting });

contract({
  name: 'vllm',
  ...installed('vllm', 'vllm/bin/vllm'),
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

const real = installed('vllm', 'vllm/bin/vllm');
const onServer = real.skip === undefined ? test.serial : test.skip;

const probe = (more: Partial<Runtime>) => async () => {
  const engine = await open(more);
  try {
    return await engine.probe();
  } finally {
    await engine.close();
  }
};

const load = (path: string) => async () => {
  const engine = await open();
  try {
    await engine.loadAdapter!('stray', path);
  } finally {
    await engine.close();
  }
};

onServer(
  'vllm: refuses a name that it does not serve',
  refused,
  probe({ model: 'big' }),
  /\.model: .*tiny/,
);
onServer(
  'vllm: refuses more context than it has',
  refused,
  probe({ contextTokens: 9000 }),
  /contextTokens: .*1024/,
);
onServer(
  'vllm: refuses an adapter that it has not',
  refused,
  probe({ adapter: 'no' }),
  /\.adapter: .*--lora-modules/,
);
onServer(
  'vllm: refuses an adapter of another base',
  refused,
  load(tiny().hfOtherAdapter),
  /\.adapter: .*another base/,
);
onServer(
  'vllm: refuses an adapter that is not there',
  refused,
  load('/nowhere/adapter'),
  /\.adapter: .*not loaded/,
);
onServer(
  'vllm: loads an adapter of the models folder, and sees whether it changes anything',
  async (t) => {
    const models = { folders: [folder], lock: emptyLock };
    for (const [name, factor] of [
      ['doc@1', 1],
      ['idle@1', 0],
    ] as const) {
      const adapter = makeAdapter(2);
      const factors = [...adapter.factors].map(([layer, { a, b }]) => {
        const values = b.values.map((value) => value * factor);
        return [layer, { a, b: { ...b, values } }] as const;
      });
      const files = adapterFiles({ ...adapter, factors: new Map(factors) }, tiny().hf);
      mkdirSync(join(folder, name));
      for (const [file, content] of Object.entries(files)) {
        writeFileSync(join(folder, name, file), content);
      }
    }
    const looked = async (adapter: string) => {
      const runtime = { engine: 'vllm', model: 'tiny', socket: server.socket, adapter } as const;
      const engine = await openVllmEngine(runtime, { setting, models });
      t.teardown(engine.close);
      const signal = AbortSignal.timeout(240_000);
      const { checks } = await preflight(engine, runtime, { setting, signal });
      return checks.find(({ name }) => name === 'adapter')?.detail ?? '';
    };
    t.regex(await looked('doc@1'), /"doc@1" from .*doc@1; it changes what the model says/);
    t.regex(await looked('idle@1'), /"idle@1" changes nothing: 4 answers are the same/);
  },
);

onServer(
  'vllm: is not Ollama',
  refused,
  async () => {
    const { socket } = server;
    const engine = await openOllamaEngine({ engine: 'ollama', model: 'tiny', socket }, { setting });
    await engine.probe().finally(engine.close);
  },
  /not an Ollama server: a vLLM server answers there/,
);

onServer('vllm: goes on with what stands before the JSON, and holds the rest', async (t) => {
  const engine = await open();
  t.teardown(engine.close);
  const { text, constraint } = await engine.complete({
    messages: [{ role: 'user', content: 'hello' }],
    schema: { type: 'object', properties: { a: { const: 'ä' } }, required: ['a'] },
    prefill: '<tool_call>\n',
    maxTokens: 40,
    idleTimeoutMs: 60_000,
    signal: AbortSignal.timeout(120_000),
  });
  t.is(text, '<tool_call>\n{"a":"ä"}');
  t.is(constraint?.prefill, 'continued');
});

onServer('vllm: takes priorities, and tells of its prefix cache', async (t) => {
  const engine = await open();
  t.teardown(engine.close);
  const request = {
    messages: [{ role: 'user' as const, content: 'hello' }],
    schema: { const: true },
    maxTokens: 8,
    idleTimeoutMs: 60_000,
    signal: AbortSignal.timeout(120_000),
  };
  t.is((await engine.complete({ ...request, priority: 2 })).text, 'true');
  t.true((await engine.prefixCounts!()).queries > 0);
});
