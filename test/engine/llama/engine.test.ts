// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import {
  type CompletionRequest,
  type Engine,
  EngineFault,
  type Message,
} from '../../../src/engine/contract/engine.ts';
import { openLlamaEngine } from '../../../src/engine/llama/engine.ts';
import { preflight } from '../../../src/engine/preflight.ts';
import { adapterGguf, makeAdapter } from '../../tiny-model/adapter.ts';
import { cachedTinyModel, writeTinyModel } from '../../tiny-model/tiny-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-llama-test-'));
const tiny = cachedTinyModel();
const setting = 'profiles.cpu.review.peer[1]';

const open = (more: Partial<Runtime> = {}): Promise<Engine> =>
  openLlamaEngine(
    {
      engine: 'llama',
      model: tiny.gguf,
      threads: 1,
      processes: 2,
      slots: 4,
      contextTokens: 2048,
      ...more,
    },
    { setting },
  );

const schema: CompletionRequest['schema'] = {
  type: 'object',
  properties: {
    status: { enum: ['ok', 'fail'] },
    notes: { type: 'string', maxLength: 60 },
    tags: { type: 'array', items: { type: 'string', maxLength: 20 }, maxItems: 3 },
  },
  required: ['status', 'notes', 'tags'],
  additionalProperties: false,
};
const full = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);

const system = `You work on notes. ${'Keep to the rules of the house, and write one sentence. '.repeat(20)}`;
const start: readonly Message[] = [
  { role: 'system', content: system },
  { role: 'user', content: 'input: {"path":"notes/owl.md"}' },
];
const request = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: start,
  schema,
  maxTokens: 200,
  idleTimeoutMs: 20_000,
  signal: AbortSignal.timeout(50_000),
  ...more,
});

const shared: { engine?: Engine } = {};
const engine = (): Engine => shared.engine!;
test.before(async () => {
  shared.engine = await open();
});
test.after.always(async () => {
  await shared.engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.serial('the model is the same whenever it is written', (t) => {
  const again = writeTinyModel(join(folder, 'again'));
  for (const name of ['gguf', 'adapter'] as const) {
    t.true(readFileSync(again[name]).equals(readFileSync(tiny[name])));
  }
});

test.serial('it says what it looked at', async (t) => {
  const { identity, slots, contextTokens, checks = [] } = await engine().probe();
  t.is(identity.origin, 'in-process');
  t.regex(identity.modelDigest, /^[0-9a-f]{64}$/);
  t.deepEqual([slots, contextTokens], [4, 2048]);
  t.deepEqual(
    new Set(checks.map(({ name }) => name)),
    new Set(['installed', 'local', 'context', 'template', 'slots', 'memory', 'model']),
  );
  t.is(checks.find(({ name }) => name === 'template')?.state, 'ok');
});

test.serial('answers hold to the schema', async (t) => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const answers = await Promise.all(
    seeds.map((seed) => engine().complete(request({ seed, temperature: 1 }))),
  );
  for (const { text, finish, constraint } of answers) {
    t.is(finish, 'stop');
    t.true(full.safeParse(JSON.parse(text)).success, text);
    t.deepEqual(constraint, { kind: 'grammar', dropped: [], tightened: [] });
  }
  t.true(new Set(answers.map(({ text }) => text)).size > 6, 'answers differ');
});

test.serial('the steps of a loop are served from what was evaluated', async (t) => {
  let messages = start;
  let prompt = 0;
  let cached = 0;
  for (let step = 0; step < 8; step += 1) {
    const { text, usage } = await engine().complete(request({ messages }));
    t.is(usage.prompt, await engine().countTokens(messages));
    if (step > 0) {
      prompt += usage.prompt;
      cached += usage.cached;
    }
    messages = [
      ...messages,
      { role: 'assistant', content: text },
      { role: 'user', content: `{"step":${step}}` },
    ];
  }
  t.true(cached / prompt >= 0.9, `${cached} of ${prompt}`);
});

test.serial('the locked beginning is evaluated once for all slots of all processes', async (t) => {
  const locked = { ...start[0]!, content: `${system} Another house.` };
  const messages = (index: number): readonly Message[] => [
    locked,
    { role: 'user', content: `note ${index}` },
  ];
  await engine().complete(request({ messages: messages(0) }));
  const others = await Promise.all(
    [1, 2, 3, 4].map((index) => engine().complete(request({ messages: messages(index) }))),
  );
  for (const { usage } of others)
    t.true(usage.cached > usage.prompt * 0.8, `${usage.cached} of ${usage.prompt}`);
});

test('the probability of an answer among all that can come is told where it is asked for', async (t) => {
  const ask = (names: string[], more: Partial<CompletionRequest> = { confidence: true }) =>
    engine().complete(request({ schema: { enum: names }, ...more }));
  const { confidence = 0, text } = await ask(['a', 'b']);
  t.true(confidence >= 0.5 && confidence < 1, String(confidence));
  t.like(await ask(['a', 'b'], {}), { text, confidence: undefined });
});

test.serial('what stands before an answer is written there', async (t) => {
  const prefill = '<tool_call>\n';
  const { text, constraint, usage } = await engine().complete(request({ prefill }));
  t.true(text.startsWith(prefill), text);
  t.is(constraint?.prefill, 'continued');
  t.true(full.safeParse(JSON.parse(text.slice(prefill.length))).success, text);
  t.true(usage.prompt > (await engine().countTokens(start)), 'its tokens count with the prompt');
});

test.serial('what a schema says beyond the grammar is told', async (t) => {
  const unique = { type: 'array', items: { enum: [1, 2] }, uniqueItems: true, maxItems: 3 };
  const { constraint } = await engine().complete(request({ schema: unique }));
  t.deepEqual(constraint?.dropped, [{ pointer: '', keyword: 'uniqueItems' }]);
});

test.serial('a process that is killed costs its answers and no more', async (t) => {
  const other = await open({ slots: 2 });
  t.teardown(other.close);
  await other.complete(request());
  const running = [1, 2].map((seed) =>
    other.complete(
      request({
        seed,
        temperature: 1,
        messages: [{ role: 'user', content: `${seed} ${'word '.repeat(1500)}` }],
      }),
    ),
  );
  const settled = Promise.allSettled(running);
  await new Promise((resolve) => setTimeout(resolve, 60));
  for (const pid of processesOf(process.pid).slice(-2)) process.kill(pid, 'SIGKILL');
  for (const result of await settled) {
    t.is(result.status, 'rejected');
    if (result.status === 'rejected') {
      t.true(result.reason instanceof EngineFault, String(result.reason));
      t.regex(
        result.reason.message,
        /profiles\.cpu\.review\.peer\[1\]: the model's process ended \(SIGKILL\)/,
      );
    }
  }
  for (const { text } of await Promise.all([
    other.complete(request()),
    other.complete(request({ seed: 1 })),
  ])) {
    t.true(full.safeParse(JSON.parse(text)).success, text);
  }
});

const processesOf = (parent: number): readonly number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('model-process'))
    .map((line) => Number(line.trim().split(' ')[0]));

test.serial('an adapter is loaded, used and left again', async (t) => {
  const ask = async (adapter?: string) =>
    (await engine().complete(request({ ...(adapter !== undefined && { adapter }) }))).text;
  const plain = await ask();
  await t.throwsAsync(ask('mine'), {
    instanceOf: EngineFault,
    message: /adapter: there is no adapter "mine"/,
  });
  await engine().loadAdapter!('mine', tiny.adapter);
  const adapted = await ask('mine');
  t.not(adapted, plain);
  t.is(await ask(), plain);
  const trained = join(folder, 'doc@1');
  cpSync(tiny.hfAdapter, trained, { recursive: true });
  await t.throwsAsync(engine().loadAdapter!('doc@1', trained), {
    instanceOf: UserError,
    message:
      /\.adapter: .*doc@1 has not one GGUF file beside its weights; "pantheon train" writes one/,
  });
  cpSync(tiny.adapter, join(trained, 'adapter.gguf'));
  await engine().loadAdapter!('doc@1', trained);
  t.is(await ask('doc@1'), adapted);
  await t.throwsAsync(engine().loadAdapter!('whole', tiny.hf), {
    message: /\.adapter: .* is not a LoRA adapter; give a GGUF/,
  });
  await engine().unloadAdapter!('mine');
  await t.throwsAsync(ask('mine'), { instanceOf: EngineFault });
});

test.serial('an adapter that changes nothing is refused, and one that does is not', async (t) => {
  const { factors, ...rest } = makeAdapter(2);
  const idle = [...factors].map(([name, { a, b }]) => {
    const values = new Float32Array(b.values.length);
    return [name, { a, b: { ...b, values } }] as const;
  });
  const zero = join(folder, 'zero.gguf');
  writeFileSync(zero, adapterGguf({ ...rest, factors: new Map(idle) }));
  const runtime = { engine: 'llama', processes: 1, slots: 1 } as const;
  const looked = async (adapter: string) => {
    const opened = await open({ ...runtime, adapter });
    t.teardown(opened.close);
    const signal = AbortSignal.timeout(50_000);
    const { checks } = await preflight(opened, { ...runtime, adapter }, { setting, signal });
    return checks.find(({ name }) => name === 'adapter');
  };
  t.regex(
    (await looked(zero))?.detail ?? '',
    /zero\.gguf" changes nothing: 4 answers are the same/,
  );
  t.regex((await looked(tiny.adapter))?.detail ?? '', /is not pinned.*; it changes what the model/);
});

test.serial('a model without a template is refused where the profile names none', async (t) => {
  const other = await open({ model: tiny.bare, processes: 1, slots: 1 });
  t.teardown(other.close);
  const { checks } = await preflight(
    other,
    { engine: 'llama' },
    { setting, signal: AbortSignal.timeout(50_000) },
  );
  t.deepEqual(
    checks.map(({ name, state }) => `${name} ${state}`),
    ['template fail'],
  );
  t.regex(checks[0]?.detail ?? '', /review\.peer\[1\]\.template: .*has no chat template/);
  t.regex(checks[0]?.fix ?? '', /take one that was, or set this to chatml or plain/);
});

test.serial('a model without a template is asked as the profile says', async (t) => {
  const other = await open({ model: tiny.bare, processes: 1, slots: 1, template: 'chatml' });
  t.teardown(other.close);
  const { checks = [], identity } = await other.probe();
  const check = checks.find(({ name }) => name === 'template');
  t.is(check?.state, 'warn');
  t.true(check?.detail.endsWith('.template says: chatml'));
  t.is(identity.template, 'chatml', 'an exam sat with one says nothing of the other');
  t.true((await other.complete(request())).text.length > 0);
});

test.serial('a template of the profile does not replace the one that a model brings', async (t) => {
  const other = await open({ template: 'plain', processes: 1, slots: 1 });
  t.teardown(other.close);
  const { checks = [], identity } = await other.probe();
  t.is(checks.find(({ name }) => name === 'template')?.state, 'warn');
  t.is(identity.template, undefined);
  t.is(await other.countTokens(start), await engine().countTokens(start));
});

test.serial('engines on the same model share its processes', async (t) => {
  const before = processesOf(process.pid).length;
  const [one, two] = await Promise.all([open(), open({ seed: 4, temperature: 1 })]);
  await Promise.all([one.probe(), two.probe()]);
  t.is(processesOf(process.pid).length, before);
  await one.close();
  await two.close();
  t.true((await engine().complete(request())).text.length > 0, 'and the last one closes them');
});
