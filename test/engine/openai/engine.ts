// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openOpenAiEngine } from '../../../src/engine/openai/engine.ts';
import { preflight } from '../../../src/engine/preflight.ts';
import { NotLocalFault } from '../../../src/engine/wire/faults.ts';
import { engineTables, type Reply, servedRequest } from '../served/with-served.ts';

const setting = 'profiles.desk.default';

const open = (socket: string, more: Partial<Runtime>) =>
  openOpenAiEngine({ engine: 'openai', model: 'tiny', socket, ...more }, { setting });

const events = (...parts: readonly object[]): string =>
  [...parts.map((part) => JSON.stringify(part)), '[DONE]']
    .map((part) => `data: ${part}\n\n`)
    .join('');

const piece = (content: string | null, finish: string | null = null) => ({
  choices: [{ delta: { content }, finish_reason: finish }],
});
const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } };
const chat = '/v1/chat/completions';
const whole = events(piece('{"a"'), piece(':1}'), piece('', 'stop'), usage);

/** As llama-server answers. */
const healthy: Readonly<Record<string, Reply>> = {
  '/v1/models': { data: [{ id: 'tiny', meta: { n_ctx: 1024, n_params: 3_787_200 } }] },
  '/props?model=tiny': { total_slots: 4, model_path: 'models/tiny.gguf', build_info: 'b9999-abc' },
  [chat]: whole,
};

const { hold, broken } = engineTables({ open, setting, healthy, chat });

test('openai: reads a streamed answer and asks for what holds it', async (t) => {
  const { engine, asked } = await hold(t, {}, { seed: 5, temperature: 0.5 });
  const request = servedRequest();
  const answer = await engine.complete(request);
  t.deepEqual([answer.text, answer.finish], ['{"a":1}', 'stop']);
  t.deepEqual(answer.usage, { prompt: 9, cached: 0, completion: 3 });
  t.is(answer.constraint?.kind, 'json-schema');
  t.like(asked.get(chat)?.[0], {
    model: 'tiny',
    stream: true,
    max_tokens: 100,
    seed: 5,
    response_format: { type: 'json_schema', json_schema: { strict: true } },
  });
  t.is(await engine.countTokens(request.messages), 9, 'an answer told how long its prompt was');
});

const one = { usage: { prompt_tokens: 7 }, choices: [] };

test('openai: the probe tells context, slots, version and model', async (t) => {
  const { engine } = await hold(t, { [chat]: one });
  const { identity, contextTokens, mostContextTokens, slots, checks = [] } = await engine.probe();
  t.deepEqual([contextTokens, mostContextTokens, slots], [1024, 1024, 4]);
  t.like(identity, { engine: 'openai', version: 'llama-server b9999-abc', model: 'tiny' });
  t.deepEqual(
    checks.filter(({ state }) => state === 'fail'),
    [],
  );
  t.regex(checks.find(({ name }) => name === 'template')?.detail ?? '', /takes 7 tokens/);
});

test('openai: what a server does not tell, the profile says', async (t) => {
  const quiet = {
    '/v1/models': { data: [{ id: 'tiny' }] },
    '/props?model=tiny': [404, {}],
    [chat]: one,
  } as const;
  const { engine } = await hold(t, quiet, { contextTokens: 2048 });
  const { contextTokens, mostContextTokens, slots, checks = [] } = await engine.probe();
  t.deepEqual([contextTokens, mostContextTokens, slots], [2048, undefined, 1]);
  const warned = checks.filter(({ state }) => state === 'warn').map(({ name }) => name);
  t.true(warned.includes('context') && warned.includes('slots'), warned.join());
});

const refused: Readonly<
  Record<string, readonly [Readonly<Record<string, Reply>>, Partial<Runtime>, RegExp]>
> = {
  'a name that is not served': [{}, { model: 'big' }, /\.model: .*it serves: tiny; correct/],
  'more context than there is': [{}, { contextTokens: 9000 }, /takes 1024 tokens and not 9000/],
  'no context told': [
    { '/v1/models': { data: [{ id: 'tiny' }] } },
    {},
    /\.contextTokens: the server does not tell/,
  ],
  'an Ollama server, whose cloud only engine ollama refuses': [
    { '/api/version': { version: '0.20.0' } },
    {},
    /is an Ollama server; bind it with engine: ollama/,
  ],
  'another kind of server': [{ '/v1/models': [404, {}] }, {}, /is not a server in OpenAI's form/],
  'a server that asks for a key': [
    { '/v1/models': [401, { error: { message: 'no' } }] },
    {},
    /asks for a key \(HTTP 401\)/,
  ],
};

for (const [what, [replies, more, message]] of Object.entries(refused)) {
  test(`openai: refuses ${what}`, async (t) => {
    const { engine, asked } = await hold(t, replies, more);
    await t.throwsAsync(engine.probe(), { message });
    await t.throwsAsync(engine.complete(servedRequest()), { message });
    t.is(asked.get(chat), undefined, 'no prompt was sent');
  });
}

const props = { total_slots: 4, model_path: 'models/tiny.gguf', build_info: 'b9999-abc' };
const listed = (n_params?: number) => ({ data: [{ id: 'tiny', meta: { n_ctx: 1024, n_params } }] });

for (const [what, replies, message] of [
  ['other weights', { '/v1/models': listed(9) }, /\(n_params 9\) than before \(3787200\)/],
  [
    'counts that are no longer told',
    { '/v1/models': listed() },
    /\(n_params none told\) than before \(3787200\)/,
  ],
  [
    'another file',
    { '/props?model=tiny': { ...props, model_path: 'models/big.gguf' } },
    /\(path models\/big\.gguf\) than before \(models\/tiny\.gguf\)/,
  ],
  [
    'another build',
    { '/props?model=tiny': { ...props, build_info: 'b1\u001b[2J' } },
    /\(build b1 ?\S*\) than before \(b9999-abc\)/,
  ],
] as const) {
  test(`openai: asks nothing of a server that came back with ${what}`, async (t) => {
    const { engine, asked, answers } = await hold(t, { [chat]: one });
    await engine.probe();
    answers[chat] = [500, { error: 'it died' }];
    await t.throwsAsync(engine.complete(servedRequest()), { instanceOf: EngineFault });
    answers[chat] = whole;
    const before = asked.get(chat)?.length;
    Object.assign(answers, replies);
    await t.throwsAsync(engine.complete(servedRequest()), {
      instanceOf: EngineFault,
      message: new RegExp(`\\.model: .*another "tiny" ${message.source}; give it back`),
    });
    t.is(asked.get(chat)?.length, before, 'no prompt was sent');
    Object.assign(answers, healthy, { [chat]: whole });
    t.is((await engine.complete(servedRequest())).text, '{"a":1}');
  });
}

test('openai: a server that ignores the schema is refused before a night', async (t) => {
  const prose = events(piece('The sea is blue.', 'stop'), usage);
  const { engine } = await hold(t, { [chat]: prose }, {});
  const probed = { ...engine, probe: async () => (await hold(t, { [chat]: one })).engine.probe() };
  const { checks } = await preflight(
    probed,
    { engine: 'openai' },
    { setting, signal: new AbortController().signal },
  );
  t.like(
    checks.find(({ name }) => name === 'schema'),
    { state: 'fail' },
  );
});

test('openai: a prompt that does not fit is counted as too long', async (t) => {
  const long = [
    400,
    { error: { message: 'request (2012 tokens) exceeds the available context size' } },
  ] as const;
  const { engine } = await hold(t, { [chat]: long });
  const messages = [{ role: 'user' as const, content: 'word '.repeat(300) }];
  t.true((await engine.countTokens(messages)) > 1024);
});

test('openai: nowhere but here, and no adapter by name', async (t) => {
  const at = (more: Partial<Runtime>) =>
    openOpenAiEngine({ engine: 'openai', model: 'tiny', ...more }, { setting });
  await t.throwsAsync(at({ url: 'http://192.0.2.1:8080' }), { instanceOf: NotLocalFault });
  await t.throwsAsync(at({ socket: '/x/e.sock', adapter: 'clerk' }), { instanceOf: UserError });
  await t.throwsAsync(at({ socket: '/x/e.sock', threads: 2 }), { instanceOf: UserError });
});

test('openai: an answer without an end', broken, events(piece('{"a"')), /no reason it told/);
test('openai: thinking in the place of an answer', async (t) => {
  const thought = events(
    { choices: [{ delta: { reasoning_content: 'Hm' }, finish_reason: 'stop' }] },
    usage,
  );
  const { engine } = await hold(t, { [chat]: thought });
  t.is((await engine.complete(servedRequest())).text, '');
});
