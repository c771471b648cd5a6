// SPDX-License-Identifier: GPL-3.0-only
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import { openOpenAiEngine } from '../../src/engine/openai/engine.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { contract } from './contract.ts';
import { enginesFolder, installed, logFile, tiny } from './engines-folder.ts';
import { refused, setting } from './refused.ts';
import { type SocketServer, socketServer } from './server-process.ts';

/** Of one request: the slots share what the server is started with. */
const openAiContext = 1024;

const slots = 4;

/** llama.cpp's own server on `folder/llama.sock`, with the models that its arguments name. */
const openAiServer = (folder: string, models: readonly string[]): SocketServer => {
  const socket = join(folder, 'llama.sock');
  const bin = join(enginesFolder(), 'openai', 'bin');
  return socketServer(socket, {
    command: [
      join(bin, 'llama-server'),
      ...[...models, '--host', socket, '--threads', '1'],
      ...['--ctx-size', String(slots * openAiContext), '--parallel', String(slots), '--no-webui'],
    ],
    environment: { HOME: folder, LD_LIBRARY_PATH: bin },
    log: logFile('openai'),
  });
};

const folder = mkdtempSync(join(tmpdir(), 'pantheon-openai-'));
const named = (gguf: string) => ['--model', gguf, '--alias', 'tiny'];
const server = openAiServer(folder, named(tiny().gguf));

const open = (more: Partial<Runtime> = {}) =>
  openOpenAiEngine(
    { engine: 'openai', model: 'tiny', socket: server.socket, ...more },
    { setting },
  );

contract({
  name: 'openai',
  ...installed('openai', 'openai/bin/llama-server'),
  start: server.start,
  stop: async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  },
  open: () => open(),
  contextTokens: openAiContext,
  server: {
    address: () => ({ socket: server.socket }),
    kill: server.kill,
    start: server.start,
    openAt: (address) =>
      open('socket' in address ? { socket: address.socket } : { socket: undefined, ...address }),
  },
  adapter: "a server in OpenAI's form is asked for models only",
  counts: 'estimate',
  seeds: true,
});

const real = installed('openai', 'openai/bin/llama-server');
const onServer = real.skip === undefined ? test.serial : test.skip;

const probe = (more: Partial<Runtime>) => async () => {
  const engine = await open(more);
  await engine.probe().finally(engine.close);
};

onServer(
  'openai: refuses a name that it does not serve',
  refused,
  probe({ model: 'big' }),
  /\.model: .*tiny/,
);
onServer(
  'openai: refuses more context than it has',
  refused,
  probe({ contextTokens: 9000 }),
  /contextTokens: .*1024/,
);
/** Holds a server to what it was started with; what its preflight saw. */
const looked = async (t: ExecutionContext, engine: Engine) => {
  const signal = AbortSignal.timeout(120_000);
  const { checks, probe } = await preflight(engine, { engine: 'openai' }, { setting, signal });
  t.deepEqual(
    checks.filter(({ state }) => state === 'fail'),
    [],
  );
  t.deepEqual([probe?.slots, probe?.contextTokens], [slots, openAiContext]);
  return { checks, identity: probe?.identity };
};

onServer('openai: every check of a preflight is held by a real llama-server', async (t) => {
  const engine = await open();
  t.teardown(engine.close);
  const { checks, identity } = await looked(t, engine);
  t.like(
    checks.find(({ name }) => name === 'schema'),
    { state: 'ok' },
  );
  t.regex(identity?.version ?? '', /^llama-server /);
});

const asked = (word: string) => ({
  messages: [{ role: 'user' as const, content: 'hello' }],
  schema: { type: 'object', properties: { a: { const: word } }, required: ['a'] } as const,
  maxTokens: 60,
  idleTimeoutMs: 60_000,
  signal: AbortSignal.timeout(120_000),
});

const said = async (engine: Engine, word: string): Promise<unknown> =>
  JSON.parse((await engine.complete(asked(word))).text);

onServer('openai: asks nothing of a llama-server that came back with other weights', async (t) => {
  const engine = await open();
  t.teardown(engine.close);
  await engine.probe();
  t.deepEqual(await said(engine, 'yes'), { a: 'yes' });
  await server.kill();
  await t.throwsAsync(engine.complete(asked('no')), { instanceOf: EngineFault });
  const other = openAiServer(folder, named(tiny().bare));
  await other.start();
  await t.throwsAsync(engine.complete(asked('no')), {
    instanceOf: EngineFault,
    message: /another "tiny" \(sha256 [0-9a-f]{64}\) than before/,
  });
  await other.kill();
  await server.start();
  t.deepEqual(await said(engine, 'again'), { a: 'again' });
});

onServer('openai: one llama-server swaps between two models, each by its name', async (t) => {
  const models = join(folder, 'models');
  mkdirSync(models);
  copyFileSync(tiny().gguf, join(models, 'first.gguf'));
  copyFileSync(tiny().bare, join(models, 'second.gguf'));
  mkdirSync(join(folder, 'router'));
  const router = openAiServer(join(folder, 'router'), [
    '--models-dir',
    models,
    '--models-max',
    '1',
  ]);
  t.teardown(router.kill);
  await router.start();
  const engines = await Promise.all(
    ['first', 'second'].map((model) => open({ model, socket: router.socket })),
  );
  t.teardown(() => Promise.all(engines.map(({ close }) => close())));
  const digests: string[] = [];
  for (const engine of engines) {
    const { identity } = await looked(t, engine);
    digests.push(identity?.modelDigest ?? '');
  }
  t.not(digests[0], digests[1]);
  for (const word of ['one', 'two', 'three']) {
    for (const engine of engines) {
      t.deepEqual(await said(engine, word), { a: word });
    }
  }
});
