// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { UserError } from '../../../src/data/user-error.ts';
import { BusyFault, EngineFault } from '../../../src/engine/contract/engine.ts';
import { namesCloud } from '../../../src/engine/ollama/cloud.ts';
import { openOllamaEngine } from '../../../src/engine/ollama/engine.ts';
import { NotLocalFault } from '../../../src/engine/wire/faults.ts';
import { each } from '../../each.ts';
import { type Reply, servedRequest } from '../served/with-served.ts';
import {
  broken,
  end,
  hold,
  lines,
  openOllama,
  piece,
  refused,
  setting,
  shown,
  tagged,
} from './with-ollama.ts';

test('reads a streamed answer, and has nothing cut or shifted', async (t) => {
  const { engine, asked } = await hold(t, {}, { contextTokens: 2048, threads: 2, seed: 4 });
  const { text, finish, usage } = await engine.complete(servedRequest());
  t.deepEqual([text, finish], ['{"a":1}', 'stop']);
  t.deepEqual(usage, { prompt: 9, cached: 0, completion: 3 });
  t.like(asked.get('/api/chat')?.[0], {
    model: 'tiny',
    truncate: false,
    shift: false,
    stream: true,
    options: { num_ctx: 2048, num_thread: 2, num_predict: 100, temperature: 0, seed: 4, stop: [] },
  });
});

test('says that it begins no answer as asked', async (t) => {
  const { engine, asked } = await hold(t);
  const request = servedRequest({ prefill: '<tool_call>\n' });
  const { text, constraint } = await engine.complete(request);
  t.is(text, '{"a":1}');
  t.is(constraint?.prefill, 'left-out');
  t.like(asked.get('/api/chat')?.[0], { messages: request.messages });
});

test('counts what an answered conversation took, and more for what was added', async (t) => {
  const { engine } = await hold(t);
  const { messages } = servedRequest();
  const before = await engine.countTokens(messages);
  await engine.complete(servedRequest({ messages }));
  t.is(await engine.countTokens(messages), 9);
  t.true(before >= 9);
  const grown = await engine.countTokens([...messages, { role: 'user', content: 'x'.repeat(100) }]);
  t.true(grown >= 9 + 50 && grown < 9 + 100);
});

test('lets the server count near the end of the context', async (t) => {
  const { engine, asked } = await hold(
    t,
    { '/api/chat': lines({ ...end, prompt_eval_count: 1700 }) },
    { contextTokens: 2048 },
  );
  t.is(await engine.countTokens([{ role: 'user', content: 'y'.repeat(5000) }]), 1700);
  t.like(asked.get('/api/chat')?.[0], { truncate: false, options: { num_predict: 1 } });
});

test('takes a prompt that the server refuses for more than the context', async (t) => {
  const long: Reply = [400, { error: 'the input length exceeds the context length' }];
  const { engine } = await hold(t, { '/api/chat': long }, { contextTokens: 2048 });
  t.true((await engine.countTokens([{ role: 'user', content: 'y'.repeat(3000) }])) > 2048);
});

test('says that an answer that goes round in circles was cut', async (t) => {
  const circle = Array.from({ length: 31 }, () => piece('\n'));
  const { engine } = await hold(t, { '/api/chat': lines(...circle) });
  const { finish, usage } = await engine.complete(servedRequest());
  t.is(finish, 'length');
  t.true(usage.prompt > 0 && usage.completion === 31);
});

test('asks nothing of another model that came back under the same name', async (t) => {
  const whole = { ...end, message: { content: '{"a":1}' } };
  const { engine, asked, answers } = await hold(t, { '/api/chat': whole }, { contextTokens: 2048 });
  await engine.probe();
  await engine.complete(servedRequest());
  answers['/api/chat'] = [500, { error: 'it died' }];
  await t.throwsAsync(engine.complete(servedRequest()), { instanceOf: EngineFault });
  answers['/api/chat'] = whole;
  answers['/api/tags'] = { models: [{ ...tagged, digest: 'b'.repeat(64) }] };
  const before = asked.get('/api/chat')?.length;
  await t.throwsAsync(engine.complete(servedRequest()), {
    instanceOf: EngineFault,
    message: /^profiles\.cpu\.default\.model: .*another "tiny".*b{64}.*a{64}/,
  });
  t.is(asked.get('/api/chat')?.length, before);
  answers['/api/tags'] = { models: [tagged] };
  t.is((await engine.complete(servedRequest())).text, '{"a":1}');
});

each(broken, {
  'far longer than its tokens can be': [
    lines(...Array.from({ length: 10 }, () => piece('x'.repeat(60_000))), end),
    /sends more than 475136 bytes/,
  ],
  'without an end': [lines(piece('x')), /before the end/],
  'of another form': [lines({ choices: [] }), /another form/],
  'half a JSON': [`${lines(piece('x'))}{"mess`, /JSON that is not whole/],
  'with another end': [lines({ ...end, done_reason: 'unload' }), /"unload"/],
  'an error within': [lines(piece('x'), { error: 'runner \u001b[31mstopped' }), /runner stopped/],
  'a model that is not there': [
    [404, { error: "model 'tiny' not found" }],
    /default\.model: .*ollama pull/,
  ],
  'no memory': [
    [500, { error: 'model requires more system memory (9 GiB)' }],
    /contextTokens or OLLAMA_NUM_PARALLEL/,
  ],
  'a full queue, told within': [
    lines({ error: 'server busy, please try again' }),
    /no more for now/,
    BusyFault,
  ],
});
for (const key of ['remote_host', 'remote_model']) {
  const remote = lines(piece('x', { [key]: 'https://ollama.com' }), end);
  test(
    `another server's (${key})`,
    broken,
    remote,
    /passes "tiny" on to https:\/\/ollama\.com/,
    NotLocalFault,
  );
}

test('sends no prompt to a server whose cloud is on, probed or not', async (t) => {
  const { engine, asked } = await hold(t, { '/api/status': { cloud: { disabled: false } } });
  await t.throwsAsync(engine.complete(servedRequest()), { instanceOf: NotLocalFault });
  t.is(asked.get('/api/chat'), undefined);
});

for (const [model, cloud] of [
  ['gpt-oss:120b-cloud', true],
  ['glm-5:cloud', true],
  ['glm-5:CLOUD', true],
  ['qwen3:4b', false],
  ['cloud', false],
  ['cloudy:4b', false],
] as const) {
  test(`${model} ${cloud ? 'is' : 'is not'} the name of a model in a cloud`, async (t) => {
    t.is(namesCloud(model), cloud);
    if (cloud)
      await t.throwsAsync(openOllama('/nowhere', { model }), { instanceOf: NotLocalFault });
  });
}

test('needs a model, and takes no adapter', async (t) => {
  for (const more of [{}, { model: 'tiny', adapter: 'a' }]) {
    const opening = openOllamaEngine({ engine: 'ollama', socket: '/x', ...more }, { setting });
    t.regex(
      (await t.throwsAsync(opening, { instanceOf: UserError })).message,
      /profiles\.cpu\.default\./,
    );
  }
});

const loads = test.macro({
  exec: async (
    t,
    replies: Readonly<Record<string, Reply>>,
    contextTokens: number,
    says: RegExp,
  ) => {
    const { engine } = await hold(t, { '/api/chat': end, ...replies }, { contextTokens });
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

const notFound: Reply = [404, 'not found'];
const vllm = {
  '/api/version': notFound,
  '/version': { version: '0.32.0' },
  '/v1/models': { data: [{ id: 'tiny' }] },
};

each(refused, {
  'a vLLM server': [vllm, {}, /a vLLM server answers/],
  'a server whose cloud is on': [
    { '/api/status': { cloud: { disabled: false } } },
    {},
    /OLLAMA_NO_CLOUD=1/,
  ],
  'another model': [{}, { model: 'big' }, /default\.model: .*it has: tiny:latest/],
  'more context than the model has': [{}, { contextTokens: 9000 }, /contextTokens: .*4096/],
  'a remote model by its tag': [
    { '/api/tags': { models: [{ ...tagged, remote_host: 'https://x' }] } },
    {},
    /passes "tiny" on/,
  ],
  'a remote model by what it shows': [
    { '/api/show': { ...shown, remote_model: 'big' } },
    {},
    /passes "tiny" on/,
  ],
});
