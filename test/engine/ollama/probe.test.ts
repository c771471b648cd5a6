// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { pretend, type Reply } from '../served/with-served.ts';
import { end, healthy, openOllama, setting, shown, tagged } from './with-ollama.ts';

const loads = test.macro({
  exec: async (
    t,
    replies: Readonly<Record<string, Reply>>,
    contextTokens: number,
    says: RegExp,
  ) => {
    const { socket } = await pretend(t, { ...healthy, '/api/chat': end, ...replies });
    const engine = await openOllama(socket, { contextTokens });
    t.teardown(engine.close);
    const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
    t.regex(error.message, says);
  },
  title: (name = '') => `once a model is loaded, the probe refuses ${name}`,
});

test(
  'another server that loaded it',
  loads,
  { '/api/chat': { ...end, remote_model: 'tiny' } },
  2048,
  /passes "tiny" on to/,
);
test(
  'less context than was asked for',
  loads,
  {},
  4096,
  /default\.contextTokens: the server gives "tiny" 2048 tokens and not 4096/,
);

const refused = test.macro({
  exec: async (
    t,
    replies: Readonly<Record<string, Reply>>,
    more: Partial<Runtime>,
    message: RegExp,
  ) => {
    const { socket, asked } = await pretend(t, { ...healthy, ...replies });
    const engine = await openOllama(socket, more);
    t.teardown(engine.close);
    const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
    t.true(error.message.startsWith(setting), error.message);
    t.regex(error.message, message);
    t.is(asked.get('/api/chat'), undefined, 'no model was loaded');
  },
  title: (name = '') => `the probe refuses ${name}`,
});

const notFound: Reply = [404, 'not found'];
const vllm = {
  '/api/version': notFound,
  '/version': { version: '0.32.0' },
  '/v1/models': { data: [{ id: 'tiny' }] },
};
test('a vLLM server', refused, vllm, {}, /a vLLM server answers/);
test(
  'a server whose cloud is on',
  refused,
  { '/api/status': { cloud: { disabled: false } } },
  {},
  /OLLAMA_NO_CLOUD=1/,
);
test('another model', refused, {}, { model: 'big' }, /default\.model: .*it has: tiny:latest/);
test(
  'more context than the model has',
  refused,
  {},
  { contextTokens: 9000 },
  /contextTokens: .*4096/,
);
test(
  'a remote model by its tag',
  refused,
  { '/api/tags': { models: [{ ...tagged, remote_host: 'https://x' }] } },
  {},
  /passes "tiny" on/,
);
test(
  'a remote model by what it shows',
  refused,
  { '/api/show': { ...shown, remote_model: 'big' } },
  {},
  /passes "tiny" on/,
);
