// SPDX-License-Identifier: GPL-3.0-only

import test from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { openVllmEngine } from '../../../src/engine/vllm/engine.ts';
import { sumsIn } from '../../../src/engine/vllm/metrics.ts';
import { growsLinearly } from '../../cpu-time.ts';
import { each } from '../../each.ts';
import { engineTables, type Reply, servedRequest } from '../served/with-served.ts';
import './adapters.ts';

const setting = 'profiles.gpu.default';

const open = (socket: string, more: Partial<Runtime>) =>
  openVllmEngine({ engine: 'vllm', model: 'tiny', socket, ...more }, { setting });

const events = (...parts: readonly object[]): string =>
  [...parts.map((part) => JSON.stringify(part)), '[DONE]']
    .map((part) => `data: ${part}\n\n`)
    .join('');

const piece = (content: string, finish: string | null = null) => ({
  choices: [{ delta: { content }, finish_reason: finish }],
});
const usage = {
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 4 } },
};
const chat = '/v1/chat/completions';
const whole = events(piece('{"a"'), piece(':1}'), piece('', 'stop'), usage);

const healthy: Readonly<Record<string, Reply>> = {
  '/version': { version: '0.32.0' },
  '/v1/models': {
    data: [
      { id: 'tiny', root: 'hub/tiny', parent: null, max_model_len: 1024 },
      { id: 'clerk', root: '/adapters/clerk', parent: 'tiny', max_model_len: null },
      { id: 'stray', root: '/adapters/stray', parent: 'large', max_model_len: null },
    ],
  },
  '/tokenize': { count: 7, max_model_len: 1024, tokens: [] },
  [chat]: whole,
};

const { hold, broken, refused } = engineTables({ open, setting, healthy, chat });

test('reads a streamed answer and asks for what holds it', async (t) => {
  const { engine, asked } = await hold(t, {}, { seed: 5, temperature: 0.5 });
  const { text, finish, usage: used, constraint } = await engine.complete(servedRequest());
  t.deepEqual([text, finish], ['{"a":1}', 'stop']);
  t.deepEqual(used, { prompt: 9, cached: 4, completion: 3 });
  t.is(constraint?.kind, 'json-schema');
  t.like(asked.get(chat)?.[0], {
    model: 'tiny',
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 100,
    temperature: 0.5,
    seed: 5,
    chat_template_kwargs: { enable_thinking: false },
    response_format: { type: 'json_schema' },
  });
  // Answered once, the conversation's length is known; the same messages cost no question.
  const { messages } = servedRequest();
  await engine.complete(servedRequest({ messages }));
  t.is(await engine.countTokens(messages), 9);
  t.is(asked.get('/tokenize'), undefined);
});

test('tells what it has of an answer while that is written', async (t) => {
  const { engine } = await hold(t, {});
  const told: unknown[] = [];
  await engine.complete(servedRequest({ onProgress: (written) => written && told.push(written) }));
  t.deepEqual(told[0], { text: '{"a"', tokens: 1 });
  t.deepEqual(told.at(-1), { text: '{"a":1}', tokens: 2 });
});

test('takes no more of the prompt for cached than there was', async (t) => {
  const lying = { prompt_tokens: 9, completion_tokens: 3 };
  const more = { ...lying, prompt_tokens_details: { cached_tokens: 99 } };
  const answer = events(piece('{}', 'stop'), { choices: [], usage: more });
  const { engine } = await hold(t, { [chat]: answer });
  t.is((await engine.complete(servedRequest())).usage.cached, 9);
});

test('reads the first of several answers that nobody asked for', async (t) => {
  const second = { index: 1, delta: { content: 'other' }, finish_reason: 'stop' };
  const first = { index: 0, delta: { content: '{}' }, finish_reason: null };
  const both = [{ choices: [second, first] }, { choices: [second] }, piece('', 'stop'), usage];
  const { engine } = await hold(t, { [chat]: events(...both) });
  t.is((await engine.complete(servedRequest())).text, '{}');
});

test('what stands before an answer is continued', async (t) => {
  const { engine, asked } = await hold(t);
  const begun = await engine.complete(servedRequest({ prefill: '<tool_call>\n' }));
  t.is(begun.text, '<tool_call>\n{"a":1}');
  t.is(begun.constraint?.prefill, 'continued');
  const plain = await engine.complete(servedRequest());
  t.is(plain.constraint?.prefill, undefined);
  t.deepEqual(
    asked.get(chat)?.map((body) => JSON.stringify(body).includes('continue_final_message')),
    [true, false],
  );
});

test('gives an adapter as the model, and a priority the other way round', async (t) => {
  const { engine, asked } = await hold(t, {}, { adapter: 'clerk' });
  await engine.complete(servedRequest({ priority: 3 }));
  await engine.complete(servedRequest({ adapter: 'other' }));
  const [tried, first, second] = asked.get(chat) ?? [];
  t.like(tried, { max_completion_tokens: 1, priority: -1 });
  t.like(first, { model: 'tiny', priority: -3 });
  t.like(second, { model: 'other' });
});

each(broken, {
  'far longer than its tokens can be': [
    events(
      ...Array.from({ length: 10 }, () => piece('x'.repeat(60_000))),
      piece('', 'stop'),
      usage,
    ),
    /sends more than 475136 bytes/,
  ],
  'without an end': ['data: {"choices":[]}\n\n', /before the end/],
  'without usage': [events(piece('x', 'stop')), /how many tokens/],
  'without a reason for its end': [events(piece('x'), usage), /no reason/],
  'with another end': [events(piece('x', 'abort'), usage), /"abort"/],
  'of another form': [events({ message: 'x' }), /another form/],
  'half a JSON': ['data: {"choices":[{"del\n\n', /JSON that is not whole/],
  'an error within': [events({ error: { message: 'dead\u001b[2J' } }), /gave up.*dead/],
  'a model that is not there': [
    [404, { error: { message: 'no' } }],
    /default\.model: .*--served-model-name/,
  ],
  'a prompt that is too long': [
    [400, { error: { message: "This model's maximum context length is 1024 tokens" } }],
    /--max-model-len/,
  ],
  'a dead engine': [[500, 'EngineCore\u0007 died'], /HTTP 500.*EngineCore died/],
});

const notFound: Reply = [404, 'not found'];

each(refused, {
  'an Ollama server': [
    { '/version': notFound, '/api/version': { version: '0.17.4' } },
    {},
    /an Ollama server answers/,
  ],
  'a web page': [
    { '/version': '<html>', '/v1/models': '<html>' },
    {},
    /not a vLLM server: something else/,
  ],
  'another model': [{}, { model: 'big' }, /default\.model: .*it serves: tiny/],
  'more context than there is': [{}, { contextTokens: 4096 }, /contextTokens: .*1024/],
  'an adapter that is not there': [{}, { adapter: 'nobody' }, /default\.adapter: .*it has: clerk/],
  "another base's adapter": [{}, { adapter: 'stray' }, /adapter of "large"/],
  'a model without a template': [
    { '/tokenize': [400, { error: { message: 'no chat template' } }] },
    {},
    /--chat-template/,
  ],
});

test('says what it found', async (t) => {
  const { engine } = await hold(t, {}, { adapter: 'clerk', seed: 2, slots: 3, contextTokens: 512 });
  const { identity, contextTokens, slots, checks = [] } = await engine.probe();
  t.like(identity, {
    engine: 'vllm',
    version: '0.32.0',
    adapter: 'clerk',
    seed: 2,
    temperature: 0,
  });
  t.deepEqual([contextTokens, slots], [512, 3]);
  t.false(checks.some(({ state }) => state === 'fail'));
});

test('needs a model', async (t) => {
  const error = await t.throwsAsync(openVllmEngine({ engine: 'vllm', socket: '/x' }, { setting }), {
    instanceOf: UserError,
  });
  t.regex(error.message, /profiles\.gpu\.default\.model/);
});

const series = (name: string, ...values: readonly (string | number)[]): string =>
  values.map((value, engine) => `vllm:${name}{engine="${engine}"} ${value}\n`).join('');

test('adds up the engines of one server', (t) => {
  const metrics = [
    '# HELP vllm:num_requests_running x\n# TYPE vllm:num_requests_running gauge\n',
    series('num_requests_running', 3, 4),
    series('num_requests_waiting', 0, 2),
    series('num_requests_waiting_by_reason', 50),
    'vllm:num_requests_waiting{model="a } b \\" 7 {",engine="2"} 1 1395066363000\n',
    '#vllm:num_requests_waiting 100\n',
    series('prefix_cache_queries_total', 100, '5e1'),
    series('prefix_cache_hits_total', 40, 'NaN', '+Inf', -3, '1e308', ''),
  ].join('');
  t.deepEqual(Object.fromEntries(sumsIn(metrics)), {
    'vllm:num_requests_running': 7,
    'vllm:num_requests_waiting': 3,
    'vllm:num_requests_waiting_by_reason': 50,
    'vllm:prefix_cache_queries_total': 150,
    'vllm:prefix_cache_hits_total': 40,
  });
});

test('finds nothing in the metrics of something else', (t) => {
  for (const text of ['', 'go_goroutines 7\n', '<html>', 'vllm:num_requests_running']) {
    t.is(sumsIn(text).size, 0, text);
  }
});

test('reads a flood of metrics in time that grows as the flood does', (t) => {
  const flood = (size: number): string =>
    `vllm:num_requests_running${'{'.repeat(size)}${'}'.repeat(size)}\n${'vllm:x '.repeat(size)}\n${'vllm:'.repeat(size)}`;
  t.is(sumsIn(flood(1000)).size, 0);
  growsLinearly(t, flood, sumsIn, 125_000);
});
