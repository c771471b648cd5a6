// SPDX-License-Identifier: GPL-3.0-only

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { parseReplies, parseTask } from '../../src/agent/conversation.ts';
import { SandboxFault } from '../../src/boundary/executor.ts';
import { EngineFault } from '../../src/engine/contract/engine.ts';
import {
  call,
  engineThat,
  final,
  hang,
  input,
  run,
  script,
  timing,
  tools,
  usage,
} from './with-loop.ts';

test('a run that ends well keeps the conversation, the calls and the counts', async (t) => {
  const { outcome, messages, calls, metrics } = await run(
    script(
      call('echo', { text: 'a' }),
      call('write_file', { path: 'docs/note.md', content: 'ä' }),
      final(),
    ),
  );
  t.deepEqual(outcome, {
    kind: 'final',
    output: { status: 'ok', notes: 'Done.', metrics: {}, result: { changed: true } },
  });
  t.deepEqual(
    messages.map(({ role }) => role),
    ['system', 'user', 'assistant', 'user', 'assistant', 'user', 'assistant'],
  );
  t.deepEqual(parseTask(messages[1]!), input);
  t.deepEqual(parseReplies(messages), [
    { tool: 'echo', result: { text: 'a' } },
    { tool: 'write_file', result: { bytes: 2, created: true } },
  ]);
  t.deepEqual(calls, [
    { step: 1, name: 'echo', args: { text: 'a' }, verdict: { allow: true }, result: { text: 'a' } },
    {
      step: 2,
      name: 'write_file',
      args: { path: 'docs/note.md', content: 'ä' },
      verdict: { allow: true },
      result: { bytes: 2, created: true },
    },
  ]);
  t.like(metrics, { steps: 3, badSteps: 0, schemaErrors: 0, toolCalls: 2, denials: 0 });
  t.true((metrics.promptTokens ?? 0) > 0 && (metrics.engineMs ?? -1) >= 0);
});

test('two equal runs leave equal conversations and calls', async (t) => {
  const answers = script(call('echo'), call('faulty'), 'prose', final());
  const [one, two] = await Promise.all([run(answers), run(answers)]);
  t.is(JSON.stringify([one.messages, one.calls]), JSON.stringify([two.messages, two.calls]));
});

test('a bad step is told to the model, which may still finish', async (t) => {
  const { outcome, messages, calls, metrics } = await run(
    script('Sure!', call('write_file', { path: 'src/x.ts', content: '' }), final()),
  );
  t.is(outcome.kind, 'final');
  t.deepEqual(parseReplies(messages), [
    {
      error: {
        code: 'schema',
        reason: `the answer is not one whole JSON object alone: Unexpected token 'S', "Sure!" is not valid JSON`,
      },
    },
    {
      tool: 'write_file',
      error: { code: 'denied', reason: 'src/x.ts may not be written; only docs/** may be.' },
    },
  ]);
  t.like(calls[0], { step: 2, verdict: { allow: false, rule: 'scope' } });
  t.like(metrics, { badSteps: 2, schemaErrors: 1, denials: 1 });
});

test('nothing earlier in the conversation changes between steps', async (t) => {
  const seen: string[][] = [];
  await run((messages) => {
    seen.push(messages.map(({ content }) => content));
    return [call('echo'), 'prose', call('faulty'), final()][seen.length - 1] ?? '';
  });
  t.is(seen.length, 4);
  for (const [index, before] of seen.slice(0, -1).entries()) {
    t.deepEqual(seen[index + 1]?.slice(0, before.length), before);
  }
});

test('the request carries schema, limits, seed, temperature and adapter', async (t) => {
  await run(
    engineThat(async (request) => {
      t.like(request, {
        maxTokens: 4096,
        idleTimeoutMs: 120_000,
        seed: 7,
        temperature: 0.5,
        adapter: 'a@2',
      });
      t.is((request.schema.oneOf as unknown[]).length, tools.length + 1);
      return { text: final(), finish: 'stop', usage, timing };
    }),
    { runtime: { seed: 7, temperature: 0.5, adapter: 'a@2' } },
  );
});

test('an answer cut by length is not taken, even when it reads as whole', async (t) => {
  const cut = engineThat(async () => ({ text: final(), finish: 'length', usage, timing }));
  t.like(await run(cut), { outcome: { kind: 'failure', failure: { code: 'schema' } } });
});

test('a declined task needs no result', async (t) => {
  const { outcome } = await run(script(final({}, 'fail')));
  t.like(outcome, { kind: 'final', output: { status: 'fail', result: {} } });
});

test('huge noise is not carried along in the conversation', async (t) => {
  const { messages } = await run(script('x'.repeat(12_000), final()));
  t.true((messages[2]?.content.length ?? 0) <= 2000);
});

test('a failed sandbox is not held against the model', async (t) => {
  const broken = { ...tools[0]!, run: () => Promise.reject(new SandboxFault('no bubblewrap')) };
  const { outcome } = await run(script(call('echo')), { tools: [broken] });
  t.like(outcome, { kind: 'failure', failure: { code: 'sandbox', message: 'no bubblewrap' } });
});

test('an engine that claims no tokens is charged for the prompt all the same', async (t) => {
  const lying = engineThat(async ({ messages }) => ({
    text: call('echo', { text: `${messages.length}` }),
    finish: 'stop',
    usage: { prompt: Number.NaN, cached: -5, completion: Number.POSITIVE_INFINITY },
    timing,
  }));
  const { outcome, metrics } = await run(lying, { limits: { maxTokens: 5000, maxSteps: 1000 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'tokens' } });
  t.true((metrics.steps ?? 99) < 10);
});

test('a defect of an engine is not taken for a failure', async (t) => {
  const defect = engineThat(() => Promise.reject(new TypeError('defect')));
  await t.throwsAsync(run(defect), { instanceOf: TypeError });
});

test('an interrupted night passes through with its reason', async (t) => {
  const before = AbortSignal.abort(new Error('before'));
  await t.throwsAsync(run(script(final()), { signal: before }), { message: 'before' });
  for (const engine of [hang, script(call('hanging'))]) {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('Ctrl-C')), 20);
    await t.throwsAsync(run(engine, { signal: controller.signal }), { message: 'Ctrl-C' });
  }
});

test('an engine that the interrupt takes down with it is no failed engine', async (t) => {
  const controller = new AbortController();
  const dying = engineThat(() => {
    controller.abort(new Error('Ctrl-C'));
    throw new EngineFault('gone');
  });
  await t.throwsAsync(run(dying, { signal: controller.signal }), { message: 'Ctrl-C' });
});

test('an engine that puts its own name on a timeout does not hide it', async (t) => {
  const renaming = engineThat(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new EngineFault('stopped')));
      }),
  );
  const { outcome } = await run(renaming, { limits: { timeout: 20 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

/** An engine with a queue: each request waits in it before it is answered. */
const queueing = (waitMs: number, workMs: number) =>
  engineThat(async ({ onQueue, signal }) => {
    onQueue?.(true);
    await sleep(waitMs, undefined, { signal });
    onQueue?.(false);
    await sleep(workMs, undefined, { signal });
    return { text: final(), usage, timing, finish: 'stop' };
  });

test('waiting for a slot is not the run’s own time', async (t) => {
  const { outcome } = await run(queueing(2000, 1), { limits: { timeout: 1500 } });
  t.is(outcome.kind, 'final');
});

test('waiting in a queue is no silence of the engine, and answering is', async (t) => {
  const waited = await run(queueing(1500, 1), { limits: { idleTimeout: 1000 } });
  t.is(waited.outcome.kind, 'final');
  const silent = await run(queueing(1, 20_000), { limits: { idleTimeout: 100 } });
  t.like(silent.outcome, {
    kind: 'failure',
    failure: { code: 'engine', finding: 'engine.timeout' },
  });
});

test('its own time counts after a wait as before', async (t) => {
  const { outcome } = await run(queueing(50, 2000), { limits: { timeout: 100 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

test('a wait without end ends the run all the same', async (t) => {
  const { outcome } = await run(queueing(30_000, 1), { limits: { timeout: 10 } });
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
});

test('a timed-out run aborts what it waits for', async (t) => {
  const aborted = Promise.withResolvers<unknown>();
  const { outcome } = await run(
    engineThat(({ signal }) => {
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      return hang();
    }),
    { limits: { timeout: 20 } },
  );
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout', step: 1 } });
  t.like(await aborted.promise, { message: 'timed out after 20 ms' });
});

test('the run ends on time by the clock, also when no timer gets its turn', async (t) => {
  const { outcome, metrics } = await run(
    (messages) => {
      for (const end = performance.now() + 30; performance.now() < end; );
      return call('echo', { text: `${messages.length}` });
    },
    { limits: { timeout: 70 } },
  );
  t.like(outcome, { kind: 'failure', failure: { code: 'timeout' } });
  t.true(metrics.engineMs >= 30, `${metrics.engineMs}`);
});

test('a patch that is denied is told to its writer, who may do better', async (t) => {
  const denials = ['Take it out.'];
  const verifier = {
    verify: () => ({ allow: true }) as const,
    verifyPatch: async () => {
      const reason = denials.pop();
      if (reason === undefined) return { allow: true } as const;
      return { allow: false, rule: 'mine', reason, place: 'rules/own.pl:2' } as const;
    },
  };
  const { outcome, messages, metrics } = await run(script(final()), { verifier });
  t.is(outcome.kind, 'final');
  t.like(metrics, { steps: 2, denials: 1, badSteps: 1 });
  t.true(
    messages.some(({ content }) => content.includes('Take it out. (rule mine, rules/own.pl:2)')),
  );
});

test('a patch that stays denied fails, and what gives up is not judged', async (t) => {
  const verifyPatch = async () => ({ allow: false, rule: 'mine', reason: 'No.' }) as const;
  const verifier = { verify: () => ({ allow: true }) as const, verifyPatch };
  const denied = await run(script(final()), { verifier });
  t.like(denied.outcome, { kind: 'failure', failure: { code: 'denied' } });
  const left = await run(script(final({}, 'fail')), { verifier });
  t.like(left.outcome, { kind: 'final' });
});

test('right after an exact repeat the next answer is held to all but that tool', async (t) => {
  const held: (readonly string[])[] = [];
  const answers = [call('echo'), call('echo'), call('strict', { count: 1 }), final()];
  const { outcome } = await run(
    engineThat(async ({ schema }) => {
      const ways = schema.oneOf as readonly { properties: { name?: { const: string } } }[];
      held.push(ways.map(({ properties }) => properties.name?.const ?? 'final'));
      return { text: answers[held.length - 1] ?? '', usage, timing, finish: 'stop' };
    }),
  );
  t.is(outcome.kind, 'final');
  const [first = [], second, third, fourth] = held;
  t.deepEqual(second, first);
  t.deepEqual(
    third,
    first.filter((name) => name !== 'echo'),
  );
  t.deepEqual(fourth, first);
});
