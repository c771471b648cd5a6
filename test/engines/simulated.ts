// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Json } from '../../src/data/digest.ts';
import { openVllmEngine } from '../../src/engine/vllm/engine.ts';
import { metricForms, putTo, type Question, replyForm } from '../simulated-engine/forms.ts';
import { simulatedModel } from '../simulated-engine/settings.ts';
import {
  type SimulatedEngine,
  startSimulatedEngine,
} from '../simulated-engine/simulated-engine.ts';
import { contract } from './contract.ts';
import { installed, tiny } from './engines-folder.ts';
import { vllmServer } from './vllm-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-simulated-'));
const socket = join(folder, 'simulated.sock');
const adapter = join(folder, 'adapter');
const contextTokens = 1024;
const settings = { contextTokens, service: { least: 0.05, most: 0.15 }, step: 0.01 };
const servers: { engine?: SimulatedEngine; limited?: SimulatedEngine } = {};

const kill = async (): Promise<void> => {
  await servers.engine?.close();
  delete servers.engine;
};
const start = async (): Promise<void> => {
  servers.engine = await startSimulatedEngine({ ...settings, socket });
};
const open = (at: string) =>
  openVllmEngine(
    { engine: 'vllm', model: simulatedModel, socket: at },
    { setting: 'profiles.gpu.default' },
  );

mkdirSync(adapter);
writeFileSync(join(adapter, 'adapter_config.json'), '{}');

contract({
  // What the driver is, and must be without knowing what answers it.
  name: 'vllm',
  start,
  stop: async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  },
  open: () => open(socket),
  contextTokens,
  server: {
    address: () => ({ socket }),
    kill,
    start,
    openAt: (address) => {
      if (!('socket' in address)) throw new Error('the proxy listens on a socket');
      return open(address.socket);
    },
  },
  adapter: { name: 'simulated.adapter', path: adapter },
  counts: 'exact',
  seeds: true,
});

/* The same questions to a real vLLM: what it serves is called otherwise, and nothing else differs. */

const { skip } = installed('vllm', 'vllm/bin/vllm');
const onBoth = skip === undefined ? test.serial : test.skip;
const mostQueued = 6;
const limited = join(folder, 'limited.sock');
const realFolder = mkdtempSync(join(tmpdir(), 'pantheon-vllm-'));
const real = vllmServer(realFolder, contextTokens, ['--max-num-queued-reqs', String(mostQueued)]);

if (skip !== undefined)
  test.skip(`simulated: answers in the form of a real vLLM (${skip})`, () => {});

type Both = { readonly real: Json; readonly simulated: Json };

/** Puts one question to both, `ask` building it for a server's model and a LoRA folder. */
const askBoth = async (ask: (model: string, lora: string) => Question): Promise<Both> => {
  const [theirs, ours] = await Promise.all([
    putTo(real.socket, ask('tiny', tiny().hfAdapter)),
    putTo(limited, ask(simulatedModel, adapter)),
  ]);
  return { real: replyForm(theirs), simulated: replyForm(ours) };
};

onBoth('simulated: a real vLLM starts beside it', async (t) => {
  t.timeout(400_000);
  await real.start();
  const simulated = await startSimulatedEngine({ ...settings, mostQueued, socket: limited });
  servers.limited = simulated;
  t.pass();
});
test.after.always(async () => {
  await servers.limited?.close();
  await real.kill();
  rmSync(realFolder, { recursive: true, force: true });
});

const sameForm = test.macro({
  title: (title) => `simulated: answers as a real vLLM: ${title}`,
  exec: async (
    t: ExecutionContext,
    ask: (model: string, lora: string) => Question,
    status: number,
  ) => {
    const { real: theirs, simulated } = await askBoth(ask);
    t.deepEqual(simulated, theirs);
    t.is((theirs as { readonly status: number }).status, status);
  },
});

const get = (path: string) => (): Question => ({ method: 'GET', path });
const post =
  (path: string, body: (model: string, lora: string) => Json) =>
  (model: string, lora: string): Question => ({ method: 'POST', path, body: body(model, lora) });

const messages = [
  { role: 'system', content: 'You work on notes.' },
  { role: 'user', content: 'hello' },
];
const schema = {
  type: 'object',
  properties: { words: { const: 'so many words that eight tokens are not all of them' } },
  required: ['words'],
  additionalProperties: false,
};
const chat = (more: Readonly<Record<string, Json>> = {}) =>
  post('/v1/chat/completions', (model) => ({
    model,
    messages,
    temperature: 0,
    max_completion_tokens: 100,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    ...more,
  }));
const streamed = { stream: true, stream_options: { include_usage: true } };
const long = [{ role: 'user', content: 'An owl reads a note. '.repeat(2000) }];

onBoth('models', sameForm, get('/v1/models'), 200);
onBoth('version', sameForm, get('/version'), 200);
onBoth('health', sameForm, get('/health'), 200);
onBoth('a path that is not served', sameForm, get('/api/version'), 404);
onBoth('a method that is not served', sameForm, get('/v1/chat/completions'), 405);
onBoth(
  'tokens of a conversation',
  sameForm,
  post('/tokenize', (model) => ({ model, messages, add_generation_prompt: true })),
  200,
);
onBoth(
  'tokens of a text',
  sameForm,
  post('/tokenize', (model) => ({ model, prompt: 'an owl' })),
  200,
);
onBoth(
  'tokens for a strange model',
  sameForm,
  post('/tokenize', () => ({ model: 'x', messages })),
  404,
);
onBoth('a whole answer', sameForm, chat(), 200);
onBoth('a whole answer that is cut', sameForm, chat({ max_completion_tokens: 3 }), 200);
onBoth('a streamed answer', sameForm, chat(streamed), 200);
// Tokens that come close together may share an event, but not all of so many.
onBoth('a streamed answer, cut', sameForm, chat({ ...streamed, max_completion_tokens: 8 }), 200);
onBoth('a streamed answer without usage', sameForm, chat({ stream: true }), 200);
onBoth(
  'a streamed answer with what the driver sends',
  sameForm,
  chat({
    ...streamed,
    seed: 3,
    priority: -1,
    chat_template_kwargs: { enable_thinking: false },
    include_reasoning: false,
  }),
  200,
);
onBoth(
  'an answer that has begun',
  sameForm,
  chat({
    ...streamed,
    messages: [...messages, { role: 'assistant', content: 'So: ' }],
    add_generation_prompt: false,
    continue_final_message: true,
  }),
  200,
);
onBoth('a strange model', sameForm, chat({ model: 'x' }), 404);
onBoth('an answer longer than the context', sameForm, chat({ max_completion_tokens: 5000 }), 400);
onBoth('a prompt longer than the context', sameForm, chat({ messages: long }), 400);
onBoth('the same, streamed', sameForm, chat({ ...streamed, messages: long }), 400);
onBoth(
  'no messages',
  sameForm,
  post('/v1/chat/completions', (model) => ({ model })),
  400,
);
onBoth('a count that is none', sameForm, chat({ max_completion_tokens: 'x' }), 400);
onBoth(
  'JSON that is not whole',
  sameForm,
  post('/v1/chat/completions', () => '{half'),
  400,
);
onBoth(
  'an adapter that is not there',
  sameForm,
  post('/v1/load_lora_adapter', () => ({ lora_name: 'b', lora_path: '/nowhere' })),
  404,
);
onBoth(
  'an adapter',
  sameForm,
  post('/v1/load_lora_adapter', (_, lora) => ({ lora_name: 'c', lora_path: lora })),
  200,
);
onBoth('models with an adapter', sameForm, get('/v1/models'), 200);
onBoth(
  'an adapter again',
  sameForm,
  post('/v1/load_lora_adapter', (_, lora) => ({ lora_name: 'c', lora_path: lora })),
  400,
);
onBoth('an answer of an adapter', sameForm, chat({ model: 'c' }), 200);
onBoth(
  'an adapter taken away',
  sameForm,
  post('/v1/unload_lora_adapter', () => ({ lora_name: 'c' })),
  200,
);
onBoth(
  'an adapter taken away twice',
  sameForm,
  post('/v1/unload_lora_adapter', () => ({ lora_name: 'c' })),
  404,
);

onBoth('simulated: refuses as a real vLLM what is too much', async (t) => {
  t.timeout(300_000);
  // So many that some come while others wait, also where whoever asks is given little time to ask.
  const many = (address: string, model: string) =>
    Promise.all(
      Array.from({ length: 160 }, (_, index) =>
        putTo(address, chat({ messages: [{ role: 'user', content: `note ${index}` }] })(model, '')),
      ),
    );
  const replies = [await many(real.socket, 'tiny'), await many(limited, simulatedModel)];
  const [theirs, ours] = replies.map((all) => all.find(({ status }) => status === 503));
  t.truthy(
    theirs && ours,
    replies.map((all) => all.map(({ status }) => status).join(' ')).join('\n'),
  );
  if (theirs && ours) t.deepEqual(replyForm(ours), replyForm(theirs));
});

onBoth('simulated: has metrics as a real vLLM', async (t) => {
  const [theirs, ours] = await Promise.all(
    [real.socket, limited].map((address) => putTo(address, { method: 'GET', path: '/metrics' })),
  );
  t.deepEqual(
    [ours?.status, ours?.headers['content-type']],
    [theirs?.status, theirs?.headers['content-type']],
  );
  const realForms = metricForms(theirs?.body ?? '');
  const simulated = metricForms(ours?.body ?? '');
  t.true(simulated.size > 20);
  for (const [name, form] of simulated) t.deepEqual(form, realForms.get(name) ?? null, name);
});
