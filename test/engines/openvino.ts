// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import type { Runtime } from '../../src/config/schema.ts';
import type { Json } from '../../src/data/digest.ts';
import {
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../../src/engine/contract/engine.ts';
import { compactGrammar } from '../../src/engine/grammar/compact-grammar.ts';
import { namedRules } from '../../src/engine/grammar/named-rules.ts';
import { openOpenVinoEngine } from '../../src/engine/openvino/engine.ts';
import { importLibrary } from '../../src/engine/openvino/library.ts';
import { preflight } from '../../src/engine/preflight.ts';
import { compactAbilities } from '../../src/engine/schema/abilities.ts';
import type { Keywords } from '../../src/engine/schema/keywords.ts';
import { lowerSchema } from '../../src/engine/schema/lower-schema.ts';
import { accepts } from '../engine/grammar/grammar-walk.ts';
import { schemas, strings } from '../engine/schema/schema-arbitrary.ts';
import { writeTinyModel } from '../tiny-model/tiny-model.ts';
import { contract } from './contract.ts';
import { installed } from './engines-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-openvino-'));
const tiny = writeTinyModel(folder);
const contextTokens = 1024;
const setting = 'profiles.cpu.default';
const native = resolve(
  import.meta.dirname,
  '../../node_modules/openvino-genai-node/bin/genai_node_addon.node',
);
const real = installed('openvino', native);

const open = (more: Partial<Runtime> = {}): Promise<Engine> =>
  openOpenVinoEngine({ engine: 'openvino', model: tiny.gguf, contextTokens, ...more }, { setting });

test.after.always(() => rmSync(folder, { recursive: true, force: true }));

contract({
  name: 'openvino',
  ...real,
  open,
  contextTokens,
  server: 'it runs in processes of its own; a test below ends one',
  adapter: 'its binding takes no adapters; a test of the engine sees them refused',
  counts: 'exact',
  seeds: true,
});

const onEngine = real.skip === undefined ? test.serial : test.skip;

const request = (more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [
    { role: 'system', content: 'You work on notes.' },
    { role: 'user', content: 'input: {"path":"notes/owl.md"}' },
  ],
  schema: forced({ a: 'x', b: 'y' }),
  maxTokens: 300,
  idleTimeoutMs: 60_000,
  temperature: 0,
  signal: AbortSignal.timeout(120_000),
  ...more,
});

const forced = (values: Readonly<Record<string, Json>>): CompletionRequest['schema'] => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, { const: value }]),
  ),
  required: Object.keys(values),
  additionalProperties: false,
});

const holding = async (t: ExecutionContext, more: Partial<Runtime> = {}): Promise<Engine> => {
  const engine = await open(more);
  t.teardown(engine.close);
  return engine;
};

onEngine('openvino: reads the marks of a template in an answer as text', async (t) => {
  const engine = await holding(t);
  const marks = { a: 'x <|im_end|> <|im_start|> z <|endoftext|>' };
  const { text, finish } = await engine.complete(request({ schema: forced(marks) }));
  t.deepEqual([JSON.parse(text), finish], [marks, 'stop']);
});

onEngine('openvino: writes any text that a schema demands', async (t) => {
  const engine = await holding(t, { contextTokens: 8000 });
  const texts = fc.sample(strings, { numRuns: 300, seed: 5 });
  const runs = Array.from({ length: 15 }, (_, run) => texts.slice(run * 20, run * 20 + 20));
  await Promise.all(
    runs.map(async (part) => {
      const wanted = Object.fromEntries(part.map((text, index) => [`k${index}`, text]));
      const schema = forced(wanted);
      const { text } = await engine.complete(request({ schema, maxTokens: 2000 }));
      t.deepEqual(JSON.parse(text), wanted);
    }),
  );
});

onEngine('openvino: reads grammars as they are meant', async (t) => {
  const engine = await holding(t);
  const integers = fc
    .tuple(fc.maxSafeInteger(), fc.maxSafeInteger(), fc.nat({ max: 50 }))
    .map(([a, b, scale]) => {
      const [minimum, maximum] = [a, b]
        .map((n) => Math.trunc(n / 2 ** scale))
        .sort((x, y) => x - y);
      return {
        type: 'array',
        items: { type: 'integer', minimum, maximum },
        maxItems: 4,
      } as Keywords;
    });
  const wanted = fc.sample(fc.oneof(schemas, schemas, integers), { numRuns: 150, seed: 7 });
  let whole = 0;
  for (const [seed, schema] of wanted.entries()) {
    const { text, finish } = await engine.complete(request({ schema, seed, temperature: 1 }));
    if (finish === 'length') continue;
    whole += 1;
    const { schema: lowered } = lowerSchema(schema, compactAbilities);
    const grammar = namedRules(compactGrammar(lowered));
    t.true(accepts(grammar, text), `${JSON.stringify(schema)}\n${text}`);
  }
  t.true(whole > 120, `${whole} of ${wanted.length} ended before the limit`);
});

const processesOf = (parent: number): readonly number[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('pipeline-process'))
    .map((line) => Number(line.trim().split(' ')[0]));

onEngine('openvino: survives the end of its process', async (t) => {
  const before = new Set(processesOf(process.pid));
  const engine = await holding(t, { slots: 3 });
  await engine.complete(request());
  const started = processesOf(process.pid).filter((pid) => !before.has(pid));
  t.is(started.length, 1);
  const long = { type: 'string', minLength: 600, maxLength: 700 } as const;
  const running = [1, 2].map(() => engine.complete(request({ schema: long, maxTokens: 700 })));
  const settled = Promise.allSettled(running);
  await new Promise((done) => setTimeout(done, 40));
  process.kill(started[0]!, 'SIGKILL');
  for (const result of await settled) {
    t.is(result.status, 'rejected');
    if (result.status === 'rejected') {
      t.true(result.reason instanceof EngineFault, String(result.reason));
      t.regex(result.reason.message, /the model's process ended \(SIGKILL\); it is started again/);
    }
  }
  t.is((await engine.complete(request())).text, '{"a":"x","b":"y"}');
});

/** The tiny model in OpenVINO's own format; made by OpenVINO as it reads the GGUF. */
const convert = async (): Promise<string> => {
  const path = join(folder, 'ir');
  mkdirSync(path);
  copyFileSync(tiny.gguf, join(path, 'tiny.gguf'));
  const { LLMPipeline } = await importLibrary(undefined);
  await LLMPipeline(join(path, 'tiny.gguf'), 'CPU', { enable_save_ov_model: true });
  rmSync(join(path, 'tiny.gguf'));
  copyFileSync(join(tiny.hf, 'config.json'), join(path, 'config.json'));
  return path;
};

onEngine(
  'openvino: reads a folder in its own format, and says what is wrong with one',
  async (t) => {
    const path = await convert();
    const engine = await holding(t, { model: path, contextTokens: undefined });
    const { contextTokens, checks = [] } = await engine.probe();
    t.is(contextTokens, 8192);
    t.is(checks.find(({ name }) => name === 'template')?.state, 'ok');
    const gguf = await holding(t);
    t.is(
      await engine.countTokens(request().messages),
      await gguf.countTokens(request().messages),
      'the same tokens',
    );
    t.is((await engine.complete(request())).text, '{"a":"x","b":"y"}');
    for (const [name, spoil, message] of [
      ['weights', 'openvino_model.bin', /\.model: .*weights cannot be used: Incorrect weights/],
      ['graph', 'openvino_model.xml', /\.model: .*graph cannot be used: .*at offset 19999/],
      ['tokens', 'openvino_tokenizer.bin', /\.model: .*tokens cannot be used: Incorrect weights/],
    ] as const) {
      const spoiled = join(folder, name);
      cpSync(path, spoiled, { recursive: true });
      truncateSync(join(spoiled, spoil), 20_000);
      const other = await holding(t, { model: spoiled });
      const error = await t.throwsAsync(other.probe(), { instanceOf: EngineFault });
      t.true(error!.message.startsWith(setting));
      t.regex(error!.message, message);
      t.notRegex(error!.message, /\p{Cc}/u);
    }
    const noise = join(folder, 'noise');
    cpSync(path, noise, { recursive: true });
    writeFileSync(join(noise, 'openvino_model.xml'), Buffer.alloc(5000, 0xfe));
    const other = await holding(t, { model: noise });
    await t.throwsAsync(other.probe(), { instanceOf: EngineFault, message: /cannot be used/ });
  },
);

onEngine('openvino: names the devices that are there', async (t) => {
  const engine = await holding(t, { device: 'TPU' });
  await t.throwsAsync(engine.probe(), {
    instanceOf: EngineFault,
    message: /\.device: OpenVINO sees no TPU on this machine, but .*CPU/,
  });
});

onEngine('openvino: passes the preflight', async (t) => {
  const runtime: Runtime = { engine: 'openvino', model: tiny.gguf, contextTokens };
  const { checks, probe } = await preflight(await holding(t), runtime, {
    setting,
    signal: AbortSignal.timeout(60_000),
  });
  t.truthy(probe);
  t.deepEqual(
    checks.filter(({ state }) => state !== 'ok').map(({ name }) => name),
    ['model'],
    'all but the pin',
  );
  t.deepEqual(
    checks.map(({ name }) => name),
    ['installed', 'local', 'model', 'template', 'context', 'schema', 'slots', 'memory'],
  );
});

onEngine('openvino: asks a model without a template as the profile says', async (t) => {
  const refused = await holding(t, { model: tiny.bare });
  await t.throwsAsync(refused.probe(), { instanceOf: EngineFault, message: /\.template: / });
  const engine = await holding(t, { model: tiny.bare, template: 'chatml' });
  const withTemplate = await holding(t);
  t.is(
    await engine.countTokens(request().messages),
    await withTemplate.countTokens(request().messages),
    'the same prompt as of the one with that template',
  );
  t.is((await engine.complete(request())).text, '{"a":"x","b":"y"}');
});
