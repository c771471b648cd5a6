// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { type Canary, schemaCheck, sendCanary } from '../../src/engine/canary.ts';
import type { CompletionRequest, Engine } from '../../src/engine/contract/engine.ts';

const words = { seal: 'qwertyuiop', kinds: ['asdfghjklz', 'xcvbnmlkjh', 'gfdsapoiuy'] };
const whole = '{"seal":"qwertyuiop","kind":"xcvbnmlkjh"}';
const options = { signal: new AbortController().signal, idleTimeoutMs: 1_000 };

/** An engine that gives one answer, whatever it is asked. */
const saying = (
  text: string,
  finish: 'stop' | 'length' = 'stop',
  asked: CompletionRequest[] = [],
): Pick<Engine, 'complete'> => ({
  complete: async (request) => {
    asked.push(request);
    const usage = { prompt: 1, cached: 0, completion: 1 };
    return { text, usage, finish, timing: { firstToken: 1, total: 1 } };
  },
});

const answers: Readonly<
  Record<
    string,
    readonly [
      text: string,
      finish: 'stop' | 'length',
      outcome: Canary['outcome'],
      state: 'ok' | 'warn' | 'fail',
    ]
  >
> = {
  'the schema, compact': [whole, 'stop', 'held', 'ok'],
  'with one blank after each mark': [
    '{"seal": "qwertyuiop", "kind": "xcvbnmlkjh"}',
    'stop',
    'held',
    'ok',
  ],
  'with line breaks': [
    '{\n  "seal": "qwertyuiop",\n  "kind": "xcvbnmlkjh"\n}',
    'stop',
    'held',
    'warn',
  ],
  'the keys in the other order': [
    '{"kind":"xcvbnmlkjh","seal":"qwertyuiop"}',
    'stop',
    'held',
    'ok',
  ],
  prose: ['The sea is wide. It is blue.', 'stop', 'ignored', 'fail'],
  nothing: ['', 'stop', 'ignored', 'fail'],
  'prose that was cut': ['The sea is wide. It', 'length', 'ignored', 'fail'],
  'JSON of its own': ['{"sea":"wide"}', 'stop', 'ignored', 'fail'],
  'the right keys and other words': ['{"seal":"harbour","kind":"wave"}', 'stop', 'ignored', 'fail'],
  'a right seal and another kind': [
    '{"seal":"qwertyuiop","kind":"wave"}',
    'stop',
    'ignored',
    'fail',
  ],
  'a key too few': ['{"seal":"qwertyuiop"}', 'stop', 'ignored', 'fail'],
  'a key too many': [whole.replace('}', ',"sea":1}'), 'stop', 'ignored', 'fail'],
  'an array of it': [`[${whole}]`, 'stop', 'ignored', 'fail'],
  null: ['null', 'stop', 'ignored', 'fail'],
  'the schema in a fence': [`\`\`\`json\n${whole}\n\`\`\``, 'stop', 'ignored', 'fail'],
  'prose and then the schema': [`Here it is: ${whole}`, 'stop', 'ignored', 'fail'],
  'blanks without end': [`{"seal":${' '.repeat(200)}`, 'length', 'blanks', 'fail'],
  'line breaks without end': ['\n'.repeat(200), 'length', 'blanks', 'fail'],
  'blanks that ended': [`{${'\n'.repeat(40)}${whole.slice(1)}`, 'stop', 'blanks', 'fail'],
  'the schema, cut': [whole.slice(0, 20), 'length', 'cut', 'fail'],
  'nothing until the limit': ['', 'length', 'cut', 'fail'],
  'blanks within a word': [`{"seal":"${' '.repeat(60)}"}`, 'stop', 'ignored', 'fail'],
};

for (const [title, [text, finish, outcome, state]] of Object.entries(answers)) {
  test(`${title}: ${outcome}`, async (t) => {
    const canary = await sendCanary(saying(text, finish), options, words);
    t.is(canary.outcome, outcome);
    const check = schemaCheck(canary, 'vllm');
    t.is(check.state, state, check.detail);
    t.is(check.fix === undefined, state === 'ok');
  });
}

const advice: readonly (readonly [engine: string, version: string, said: string, fix: RegExp])[] = [
  ['ollama', '0.4.7', 'The sea.', /^update Ollama to 0\.5 or later/],
  ['ollama', '0.20.0', 'The sea.', /newer than 0\.20\.0, or a model that does not think/],
  ['vllm', '0.11.2', 'The sea.', /^update vLLM to 0\.12 or later and start it with/],
  ['vllm', '0.32.0', '', /^start vLLM without --reasoning-parser/],
  ['vllm', '0.32.0', 'The sea.', /^start vLLM with --structured-outputs-config/],
  ['vllm', '1.0', '', /^start vLLM without --reasoning-parser/],
  ['openai', 'llama-server b1', 'The sea.', /^use a model and version/],
];

test('the canary tells how fast it was answered, where that took time', async (t) => {
  const timed = async (timing: { readonly firstToken: number; readonly total: number }) => {
    const engine: Pick<Engine, 'complete'> = {
      complete: async () => ({
        text: whole,
        finish: 'stop',
        usage: { prompt: 120, cached: 20, completion: 30 },
        timing: { queued: 1_000, ...timing },
      }),
    };
    return schemaCheck(await sendCanary(engine, options, words), 'llama').speed;
  };
  t.deepEqual(await timed({ firstToken: 3_000, total: 5_000 }), { reads: 50, writes: 15 });
  t.is(await timed({ firstToken: 1_010, total: 1_020 }), undefined);
});

test('what is advised fits the version that answers', (t) => {
  for (const [engine, version, said, fix] of advice) {
    const check = schemaCheck({ outcome: 'ignored', blanks: 0, said }, engine, version);
    t.regex(check.fix ?? '', fix, `${engine} ${version}`);
  }
});

test('what must be answered stands in the schema and nowhere else, and is bounded', async (t) => {
  const asked: CompletionRequest[] = [];
  await sendCanary(saying(whole, 'stop', asked), options, words);
  const [request] = asked;
  const prompt = JSON.stringify(request?.messages);
  for (const word of [words.seal, ...words.kinds]) {
    t.false(prompt.includes(word));
    t.true(JSON.stringify(request?.schema).includes(word));
  }
  t.true((request?.maxTokens ?? 1e9) <= 256);
  t.is(request?.temperature, 0);
});

test('each canary has words of its own', async (t) => {
  const asked: CompletionRequest[] = [];
  for (let time = 0; time < 3; time++) await sendCanary(saying('', 'stop', asked), options);
  t.is(new Set(asked.map(({ schema }) => JSON.stringify(schema))).size, 3);
});

test('an engine that follows the schema of each request holds', async (t) => {
  const following: Pick<Engine, 'complete'> = {
    complete: async (request) => {
      const { properties } = request.schema as {
        readonly properties: {
          readonly seal: { readonly const: string };
          readonly kind: { readonly enum: readonly string[] };
        };
      };
      const answer = { seal: properties.seal.const, kind: properties.kind.enum[1] };
      return saying(JSON.stringify(answer)).complete(request);
    },
  };
  t.is((await sendCanary(following, options)).outcome, 'held');
});

const floods: Readonly<Record<string, string>> = {
  'blanks between letters': 'a '.repeat(500_000),
  'strings that never end': '"\\'.repeat(500_000),
  'strings and blanks': '" " '.repeat(250_000),
};

for (const [what, text] of Object.entries(floods)) {
  test(`a megabyte of ${what} is judged at once`, async (t) => {
    const started = process.threadCpuUsage();
    t.is((await sendCanary(saying(text, 'length'), options, words)).outcome, 'ignored');
    t.true(process.threadCpuUsage(started).user < 5_000_000);
  });
}

test('the words of an answer are shown on one line and cut', async (t) => {
  const { said } = await sendCanary(saying(`\u001b[31mThe\n${'sea '.repeat(200)}`), options, words);
  t.true(said.startsWith('The sea sea'));
  t.true(said.length <= 120);
});
