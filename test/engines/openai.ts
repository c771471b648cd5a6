// SPDX-License-Identifier: GPL-3.0-only
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import type { Runtime } from '../../src/config/schema.ts';
import { openOpenAiEngine } from '../../src/engine/openai/engine.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { contract } from './contract.ts';
import { enginesFolder, installed, logFile, tiny } from './engines-folder.ts';
import { refused, setting } from './refused.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

const answers = (socketPath: string, path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });

/** Of one request: the slots share what the server is started with. */
const openAiContext = 1024;

const slots = 4;

/** llama.cpp's own server with the tiny model, on `folder/llama.sock`. */
const openAiServer = (folder: string): ServerProcess & { readonly socket: string } => {
  const socket = join(folder, 'llama.sock');
  const bin = join(enginesFolder(), 'openai', 'bin');
  const server = serverProcess({
    command: [
      join(bin, 'llama-server'),
      ...['--model', tiny().gguf, '--alias', 'tiny', '--host', socket, '--threads', '1'],
      ...['--ctx-size', String(slots * openAiContext), '--parallel', String(slots), '--no-webui'],
    ],
    environment: { HOME: folder, LD_LIBRARY_PATH: bin },
    log: logFile('openai'),
    ready: () => answers(socket, '/health'),
  });
  const start = async (): Promise<void> => {
    // What was killed leaves its socket.
    rmSync(socket, { force: true });
    await server.start();
  };
  return { ...server, start, socket };
};

const folder = mkdtempSync(join(tmpdir(), 'pantheon-openai-'));
const server = openAiServer(folder);

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
onServer('openai: every check of a preflight is held by a real llama-server', async (t) => {
  const engine = await open();
  t.teardown(engine.close);
  const signal = AbortSignal.timeout(120_000);
  const { checks, probe: looked } = await preflight(
    engine,
    { engine: 'openai' },
    { setting, signal },
  );
  t.deepEqual(
    checks.filter(({ state }) => state === 'fail'),
    [],
  );
  t.like(
    checks.find(({ name }) => name === 'schema'),
    { state: 'ok' },
  );
  t.deepEqual([looked?.slots, looked?.contextTokens], [4, openAiContext]);
  t.regex(looked?.identity.version ?? '', /^llama-server /);
});
