// SPDX-License-Identifier: GPL-3.0-only

import { execFileSync } from 'node:child_process';
import test from 'ava';
import { EngineFault } from '../../../src/engine/contract/engine.ts';
import { openOpenVinoEngine } from '../../../src/engine/openvino/engine.ts';
import { called, model, open, request, schema, setting, simulated } from './with-library.ts';

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
  t.deepEqual(answers[0]?.constraint, { kind: 'grammar', dropped: [], tightened: [] });
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
    t.regex(error!.message, /the prompt has 122 tokens, and the context has 100/);
    const { max_new_tokens: agent } = called(await engine.complete(request(words(80))));
    t.is(agent, 18);
  },
);

test.serial('an answer that was begun goes on', async (t) => {
  const engine = await open(t);
  const begun = await engine.complete(request('note', { prefill: '<tool_call>\n' }));
  t.true(begun.text.startsWith('<tool_call>\n{'));
  t.regex(JSON.parse(begun.text.slice(12)).prompt, /<tool_call>\n$/);
  t.is(begun.constraint?.prefill, 'continued');
});

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
  t.true(performance.now() - start < 20_000, 'it would take 40 s');
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
  await engine.complete(request('compute for long', { idleTimeoutMs: 1500, onProgress }));
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
