// SPDX-License-Identifier: GPL-3.0-only
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Runtime } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import { type CompletionRequest, type Engine, EngineFault } from '../../../src/engine/engine.ts';
import { openOpenVinoEngine } from '../../../src/engine/openvino.ts';
import { preflight } from '../../../src/engine/preflight.ts';
import { writeTinyModel } from '../../tiny-model/tiny-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'pantheon-openvino-test-'));
const tiny = writeTinyModel(folder);
const setting = 'profiles.cpu.review.peer[1]';
const simulated = new URL('./simulated-library.ts', import.meta.url).href;
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** A folder as an export leaves it, of which only the names matter to the simulated library. */
const exported = (name: string, without?: string, config?: string): string => {
  const path = join(folder, name);
  mkdirSync(path);
  const names = ['model.xml', 'model.bin', 'tokenizer.xml', 'detokenizer.xml'];
  for (const part of names.map((each) => `openvino_${each}`)) {
    if (part !== without) writeFileSync(join(path, part), part);
  }
  if (config !== undefined) writeFileSync(join(path, 'config.json'), config);
  return path;
};
const model = exported('whole', undefined, '{"max_position_embeddings":2000}');

const open = async (
  t: ExecutionContext,
  more: Partial<Runtime> = {},
  library = simulated,
): Promise<Engine> => {
  const engine = await openOpenVinoEngine(
    { engine: 'openvino', model, slots: 8, ...more },
    { setting },
    library,
  );
  t.teardown(engine.close);
  return engine;
};

const schema: CompletionRequest['schema'] = {
  type: 'object',
  properties: { a: { type: 'integer', minimum: 0, maximum: 9 } },
  required: ['a'],
  additionalProperties: false,
};
const request = (content: string, more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [{ role: 'user', content }],
  schema,
  maxTokens: 50,
  idleTimeoutMs: 20_000,
  signal: AbortSignal.timeout(30_000),
  ...more,
});
/** What the simulated library says that it was called with. */
const called = ({ text }: { readonly text: string }) =>
  JSON.parse(text) as {
    readonly calls: number;
    readonly pid: number;
    readonly batch: number;
    readonly prompt: string;
    readonly do_sample: boolean;
    readonly rng_seed?: number;
    readonly max_new_tokens: number;
    readonly device: string;
    readonly INFERENCE_NUM_THREADS?: number;
    readonly structured_output_config: { readonly grammar: string };
  };

test.serial('what waits is answered in batches, one at a time', async (t) => {
  const engine = await open(t);
  const asked = Array.from({ length: 40 }, (_, index) => engine.complete(request(`note ${index}`)));
  const answers = (await Promise.all(asked)).map(called);
  t.deepEqual(
    answers.map(({ prompt }) => prompt.split(' ').at(-1)),
    Array.from({ length: 40 }, (_, index) => String(index)),
    'each gets its own',
  );
  t.deepEqual([...new Set(answers.map(({ batch }) => batch))], [8]);
  t.is(Math.max(...answers.map(({ calls }) => calls)), 5);
  t.is(answers[0]?.structured_output_config.grammar, 'root ::= "{\\"a\\":" ("0" | [1-9]) "}"\n');
});

test.serial('what a batch shares is evaluated before it, once', async (t) => {
  const engine = await open(t);
  const shared = Array.from({ length: 100 }, (_, index) => `word${index}`).join(' ');
  const ask = (system: string, content: string) =>
    engine.complete(
      request('', {
        messages: [
          { role: 'system', content: system },
          { role: 'user', content },
        ],
      }),
    );
  const answers = await Promise.all(['a', 'b', 'c'].map((content) => ask(shared, content)));
  t.deepEqual(
    answers.map(called).map(({ batch, calls }) => [batch, calls]),
    [
      [3, 2],
      [3, 2],
      [3, 2],
    ],
    'the second call, after one for what they share',
  );
  const [alone] = await Promise.all([ask(shared, 'd')]);
  t.is(called(alone!).calls, 3);
  const few = await Promise.all(['a', 'b'].map((content) => ask('word', content)));
  t.deepEqual(
    few.map(called).map(({ calls }) => calls),
    [4, 4],
    'little is not worth a call',
  );
});

test.serial('only what is answered in the same way is answered together', async (t) => {
  const engine = await open(t);
  const other = { ...schema, properties: { b: { type: 'boolean' } }, required: ['b'] };
  const answers = await Promise.all(
    [
      request('a'),
      request('b', { schema: other }),
      request('c', { maxTokens: 20 }),
      request('d', { temperature: 1, seed: 1 }),
      request('e', { temperature: 1, seed: 1 }),
      request('f', { temperature: 1 }),
      request('g', { temperature: 1 }),
      request('h', { seed: 5 }),
    ].map((each) => engine.complete(each)),
  );
  const shown = answers
    .map(called)
    .map(({ prompt, batch, do_sample, max_new_tokens }) => [
      prompt.at(-1),
      batch,
      do_sample,
      max_new_tokens,
    ]);
  t.deepEqual(shown, [
    ['a', 2, false, 50],
    ['b', 1, false, 50],
    ['c', 1, false, 20],
    ['d', 1, true, 50],
    ['e', 1, true, 50],
    ['f', 2, true, 50],
    ['g', 2, true, 50],
    ['h', 2, false, 50],
  ]);
  t.is(called(answers[3]!).rng_seed, 1);
  t.true(Number.isInteger(called(answers[5]!).rng_seed), 'any seed will do, but there is one');
});

test.serial('usage is told for each of a batch', async (t) => {
  const engine = await open(t);
  const words = ['one', 'one two', 'one two three'];
  const answers = await Promise.all(words.map((each) => engine.complete(request(each))));
  const counted = await Promise.all(
    words.map((content) => engine.countTokens([{ role: 'user', content }])),
  );
  t.deepEqual(
    answers.map(({ usage }) => usage.prompt),
    counted,
  );
  // Two steps of three answers and one of one: 3, 2 and 2 tokens.
  t.is(
    answers.reduce((sum, { usage }) => sum + usage.completion, 0),
    7,
  );
  t.true(answers.every(({ timing }) => timing.firstToken <= timing.total + 3));
  t.deepEqual(answers[0]?.constraint, { kind: 'grammar', lowered: [] });
  t.is(engine.stats().usage.completion, 7);
});

test.serial('an answer that was cut says so', async (t) => {
  const engine = await open(t);
  t.is((await engine.complete(request('cut'))).finish, 'length');
});

test.serial(
  'a prompt that does not fit is refused before it is sent, and the rest of the room is the answer',
  async (t) => {
    const engine = await open(t, { contextTokens: 100 });
    const words = (count: number) => Array.from({ length: count }, () => 'w').join(' ');
    const error = await t.throwsAsync(engine.complete(request(words(120))), {
      instanceOf: EngineFault,
    });
    t.regex(error!.message, /the prompt has 122 tokens, and the context holds 100/);
    const { max_new_tokens: room } = called(await engine.complete(request(words(80))));
    t.is(room, 18);
  },
);

test.serial('an answer that was begun goes on', async (t) => {
  const engine = await open(t);
  const begun = await engine.complete(request('note', { prefill: '<tool_call>\n' }));
  t.true(begun.text.startsWith('<tool_call>\n{'));
  t.regex(JSON.parse(begun.text.slice(12)).prompt, /<tool_call>\n$/);
  t.deepEqual(begun.constraint?.lowered, []);
  const within = await engine.complete(request('note', { prefill: '{"a":' }));
  t.deepEqual(within.constraint?.lowered, [' prefill'], 'a part of the JSON is not continued');
});

test.serial('one of a batch may be stopped and the others go on', async (t) => {
  const engine = await open(t);
  const reason = new Error('enough');
  const stop = new AbortController();
  const stopped = engine.complete(
    request('compute', { signal: stop.signal, onProgress: () => stop.abort(reason) }),
  );
  const other = engine.complete(request('note'));
  t.is(await t.throwsAsync(stopped), reason);
  t.is(called(await other).batch, 2);
});

test.serial('one alone is stopped at its next token', async (t) => {
  const engine = await open(t);
  const reason = new Error('enough');
  const stop = new AbortController();
  const start = performance.now();
  const stopped = engine.complete(
    request('slow', { signal: stop.signal, onProgress: () => stop.abort(reason) }),
  );
  t.is(await t.throwsAsync(stopped), reason);
  t.is(called(await engine.complete(request('note'))).calls, 2, 'by the same process');
  t.true(performance.now() - start < 3500);
});

test.serial('who waits in the queue may leave it', async (t) => {
  const engine = await open(t);
  await engine.probe();
  const first = engine.complete(request('compute'));
  await new Promise((resolve) => setTimeout(resolve, 150));
  const stop = new AbortController();
  const reason = new Error('enough');
  const waiting = engine.complete(request('note', { signal: stop.signal }));
  stop.abort(reason);
  t.is(await t.throwsAsync(waiting), reason);
  t.is(called(await first).batch, 1);
});

test.serial('a long computation is no silence', async (t) => {
  const engine = await open(t);
  await engine.probe();
  let signs = 0;
  const onProgress = () => {
    signs += 1;
  };
  await engine.complete(request('compute', { idleTimeoutMs: 450, onProgress }));
  t.true(signs > 3, `${signs} signs of life`);
});

for (const [what, content, message] of [
  ['that computes nothing any more', 'hang', /the model wrote nothing for 300 ms/],
  ['that crashes', 'crash', /the model's process ended \(SIGSEGV\); it is started again/],
] as const) {
  test.serial(`a process ${what} costs its answers and no more`, async (t) => {
    const engine = await open(t);
    await engine.probe();
    const start = performance.now();
    const error = await t.throwsAsync(engine.complete(request(content, { idleTimeoutMs: 300 })), {
      instanceOf: EngineFault,
    });
    t.true(error!.message.startsWith(setting), error!.message);
    t.regex(error!.message, message);
    t.is(called(await engine.complete(request('note'))).calls, 1, 'a new process answers');
    t.true(performance.now() - start < 15_000, 'at once');
  });
}

for (const [what, content, message] of [
  ['no room is left', 'full', /there is no room for the prompts; lower slots or contextTokens/],
  ['the template refuses', 'unrenderable', /: no such role$/],
] as const) {
  test.serial(`a fault where ${what} says so, and nothing else is lost`, async (t) => {
    const engine = await open(t);
    const error = await t.throwsAsync(engine.complete(request(content)), {
      instanceOf: EngineFault,
    });
    t.regex(error!.message, message);
    t.is((await engine.complete(request('note'))).finish, 'stop');
  });
}

test.serial('several processes share the work', async (t) => {
  const engine = await open(t, { processes: 2, slots: 8, threads: 3 });
  t.is((await engine.probe()).slots, 8);
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) => engine.complete(request(`note ${index}`))),
  );
  const calls = answers.map(called);
  t.deepEqual([...new Set(calls.map(({ batch }) => batch))], [4]);
  t.is(new Set(calls.map(({ pid }) => pid)).size, 2);
  t.is(calls[0]?.INFERENCE_NUM_THREADS, 3);
});

const processes = (): readonly string[] =>
  execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('pipeline-process'));

test.serial('engines on the same model share its process, and the last one ends it', async (t) => {
  const options = { engine: 'openvino', model, slots: 3 } as const;
  const one = await openOpenVinoEngine(options, { setting }, simulated);
  const two = await openOpenVinoEngine({ ...options, seed: 4 }, { setting }, simulated);
  const before = processes().length;
  await Promise.all([one.probe(), two.probe()]);
  t.is(processes().length, before + 1);
  await one.close();
  t.is((await two.complete(request('note'))).finish, 'stop');
  await two.close();
  t.is(processes().length, before);
});

test.serial('it says what it looked at', async (t) => {
  const engine = await open(t, { device: 'GPU', contextTokens: 3000, seed: 7 });
  const { identity, contextTokens, slots, checks = [] } = await engine.probe();
  t.is(identity.engine, 'openvino');
  t.is(identity.origin, 'in-process');
  t.regex(identity.version, /^openvino-genai-node .*OpenVINO 1\.2\.3-simulated on GPU$/);
  t.regex(identity.modelDigest, /^[0-9a-f]{64}$/);
  t.deepEqual([contextTokens, slots, identity.seed], [3000, 8, 7]);
  const found = new Map(checks.map((check) => [check.name, check]));
  t.deepEqual(
    [...found.keys()].sort(),
    ['context', 'installed', 'local', 'model', 'slots', 'template'].sort(),
  );
  t.deepEqual(
    [found.get('context')?.state, found.get('context')?.fix],
    ['warn', `lower ${setting}.contextTokens to 2000`],
  );
});

test.serial('without a word the context is what the model was trained on', async (t) => {
  t.is((await (await open(t)).probe()).contextTokens, 2000);
});

test.serial('one prompt at a time where a model is compiled for one', async (t) => {
  const engine = await openOpenVinoEngine(
    { engine: 'openvino', model, device: 'NPU', slots: 8 },
    { setting },
    simulated,
  );
  t.teardown(engine.close);
  const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
  t.regex(error!.message, /\.device: OpenVINO sees no NPU on this machine, but CPU, GPU\.0; name/);
});

test.serial('a model without a template is asked as the profile says, or refused', async (t) => {
  const bare = exported('bare');
  const refused = await open(t, { model: bare });
  const error = await t.throwsAsync(refused.probe(), { instanceOf: EngineFault });
  t.regex(
    error!.message,
    /\.template: .*bare brings no chat template.* set this to chatml or plain/,
  );
  const named = await open(t, { model: bare, template: 'plain' });
  const { identity, checks = [] } = await named.probe();
  t.is(identity.template, 'plain');
  t.is(checks.find(({ name }) => name === 'template')?.state, 'warn');
  t.regex(called(await named.complete(request('note'))).prompt, /assistant:/);
});

/** What is missing of the packages: the message, and the check that a doctor shows. */
for (const [what, library, message, fix] of [
  [
    'packages',
    'openvino-that-is-not-installed',
    /\.engine: openvino-genai-node is not installed/,
    /^in \/.* run: npm install --no-save openvino-node@\d[\w.]* openvino-genai-node@\d[\w.]*$/,
  ],
  [
    'the native part',
    new URL('./without-binary.ts', import.meta.url).href,
    /\.engine: the native part of openvino-genai-node does not run here: Cannot find module/,
    /^by day and with a network, in \/.* run: npm rebuild openvino-node openvino-genai-node$/,
  ],
] as const) {
  test.serial(`without ${what}, the next step is told`, async (t) => {
    const engine = await open(t, { slots: 2 }, library);
    const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
    t.true(error!.message.startsWith(setting));
    t.regex(error!.message, message);
    const { checks } = await preflight(
      engine,
      { engine: 'openvino', model },
      {
        setting,
        signal: new AbortController().signal,
      },
    );
    t.deepEqual(
      checks.map(({ name, state }) => [name, state]),
      [['installed', 'fail']],
    );
    t.regex(checks[0]?.fix ?? '', fix);
    await t.throwsAsync(engine.complete(request('note')), { instanceOf: EngineFault });
  });
}

test.serial('a model that OpenVINO cannot read names the setting, and why', async (t) => {
  const engine = await open(t, { model: exported('broken') });
  const error = await t.throwsAsync(engine.probe(), { instanceOf: EngineFault });
  t.regex(
    error!.message,
    /^profiles\.cpu\.review\.peer\[1\]\.model: \/.*broken cannot be used: Incorrect weights; fetch/,
  );
});

const spoiled = (name: string, change: (bytes: Buffer) => Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, change(readFileSync(tiny.gguf)));
  return path;
};

const parts = (): string => {
  const path = join(folder, 'parts');
  mkdirSync(path);
  const [first, second] = [1, 2].map((n) => join(path, `x-0000${n}-of-00002.gguf`));
  writeFileSync(first!, readFileSync(tiny.gguf));
  writeFileSync(second!, readFileSync(tiny.gguf));
  return first!;
};

const pictures = (): string => {
  const path = join(folder, 'pictures');
  mkdirSync(path);
  writeFileSync(join(path, 'openvino_language_model.xml'), '');
  return path;
};

for (const [what, runtime, message] of [
  ['no model', () => ({ model: undefined }), /\.model: engine openvino needs a folder/],
  ['no such model', () => ({ model: '/nowhere/x' }), /\.model: there is no model \/nowhere\/x/],
  ['a socket', () => ({ socket: '/run/x.sock' }), /\.socket: engine openvino reads files/],
  ['an adapter', () => ({ adapter: 'a@1' }), /\.adapter: OpenVINO takes no LoRA adapters.*merge/],
  ['a Hugging Face folder', () => ({ model: tiny.hf }), /\.model: .*optimum-cli export openvino/],
  ['an adapter for a model', () => ({ model: tiny.hfAdapter }), /\.model: .* is an adapter/],
  ['an adapter as a GGUF', () => ({ model: tiny.adapter }), /\.model: .*it is no language model/],
  ['a model of pictures', () => ({ model: pictures() }), /\.model: .*images and text/],
  ['a GGUF in parts', () => ({ model: parts() }), /\.model: .*in 2 parts.*llama-gguf-split/],
  [
    'a GGUF cut short',
    () => ({ model: spoiled('short.gguf', (bytes) => bytes.subarray(0, 5_000_000)) }),
    /\.model: .*short\.gguf cannot be used: it has 5000000 bytes of at least \d+; give a whole/,
  ],
  [
    'a GGUF cut within its head',
    () => ({ model: spoiled('head.gguf', (bytes) => bytes.subarray(0, 20_000)) }),
    /\.model: .*head\.gguf cannot be used: its head is cut off/,
  ],
  [
    'a GGUF of noise',
    () => ({
      model: spoiled('noise.gguf', (bytes) =>
        Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(50_000, 0xff)]),
      ),
    }),
    /\.model: .*noise\.gguf cannot be used: it holds an absurd number/,
  ],
  [
    'a GGUF of a version to come',
    () => ({
      model: spoiled('version.gguf', (bytes) =>
        Buffer.concat([bytes.subarray(0, 4), Buffer.from([9, 0, 0, 0]), bytes.subarray(8)]),
      ),
    }),
    /\.model: .*its version 9 is not known/,
  ],
  [
    'no tokenizer beside the model',
    () => ({ model: exported('untokened', 'openvino_tokenizer.xml') }),
    /\.model: .*untokened is not whole: openvino_tokenizer\.xml \(its tokenizer\) is missing/,
  ],
  [
    'no weights beside the model',
    () => ({ model: exported('weightless', 'openvino_model.bin') }),
    /\.model: .*weightless is not whole: openvino_model\.bin/,
  ],
] as const) {
  test(`settings with ${what} are a mistake`, async (t) => {
    const error = await t.throwsAsync(open(t, runtime() as Partial<Runtime>), {
      instanceOf: UserError,
    });
    t.regex(error!.message, message);
    t.notRegex(error!.message, /\p{Cc}/u);
  });
}

test.serial('a config.json that says nothing useful is passed over', async (t) => {
  for (const [name, config, tokens] of [
    ['c1', 'no JSON', 8192],
    ['c2', '{"text_config":{"max_position_embeddings":512}}', 512],
    ['c3', '{"max_position_embeddings":"many"}', 8192],
    ['c4', `${'{"text_config":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 8192],
  ] as const) {
    const engine = await open(t, { model: exported(name, undefined, config) });
    t.is((await engine.probe()).contextTokens, tokens, name);
    await engine.close();
  }
});
