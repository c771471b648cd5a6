// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { qwen } from '../../src/agent/dialects/qwen.ts';
import { type Completion, type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import { usageSchema } from '../../src/trace/model-usage.ts';
import { call, engineOf, final, type Overrides, run, script, tools } from './with-loop.ts';

const answered: Omit<Completion, 'text'> = {
  usage: { prompt: 900, cached: 800, completion: 20 },
  finish: 'stop',
  timing: { queued: 2, firstToken: 5.25, total: 30.5 },
  constraint: {
    kind: 'json-schema',
    dropped: [
      { pointer: '/properties/name', keyword: 'pattern' },
      { pointer: '/oneOf/1', keyword: 'minimum' },
    ],
    tightened: [{ pointer: '', keyword: 'additionalProperties' }],
    prefill: 'continued',
  },
};

/** Answers in turn as a served engine would; an Error is thrown. */
const serve = (...answers: readonly (string | Partial<Completion> | Error)[]): Engine => {
  let turn = 0;
  return {
    ...engineOf(script(final())),
    complete: async () => {
      const answer = answers[Math.min(turn++, answers.length - 1)] ?? '';
      if (answer instanceof Error) throw answer;
      return {
        ...answered,
        ...(typeof answer === 'string' ? { text: answer } : answer),
      } as Completion;
    },
  };
};

const inQwen: Overrides = { dialect: qwen };
const said = (name: string, args: unknown): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: args })}\n</tool_call>`;
const end = { status: 'ok', notes: 'Done.', metrics: {}, result: { changed: true } };

test('each answer and each tool is metered once, as it was', async (t) => {
  const before = Date.now();
  const { meter, metrics, outcome } = await run(
    serve(call('echo'), 'prose', { text: final(), timing: { firstToken: Number.NaN, total: -1 } }),
    { runtime: { seed: 7 } },
  );
  t.is(outcome.kind, 'final');
  const { completions, toolTimes, ...notes } = meter;
  t.like(completions[0], {
    step: 1,
    promptTokens: 900,
    cachedTokens: 800,
    completionTokens: 20,
    queuedMs: 2,
    firstTokenMs: 5.25,
    totalMs: 30.5,
    finish: 'stop',
    seed: 7,
    constraint: 'json-schema',
    dropped: 2,
    tightened: 1,
    prefill: 'continued',
  });
  t.false('fault' in completions[0]!);
  t.like(completions[1], { step: 2, fault: 'schema' });
  t.like(completions[2], { step: 3, firstTokenMs: 0, totalMs: 0 });
  t.false('queuedMs' in completions[2]!);
  t.deepEqual(
    toolTimes.map(({ step }) => step),
    [1],
  );
  for (const { startedAt } of [...completions, ...toolTimes]) {
    t.true(startedAt >= before - 1 && startedAt <= Date.now() + 1);
  }
  const dropped = [...notes.dropped.values()];
  const tightened = [...notes.tightened.values()];
  t.like(answered.constraint, { dropped, tightened });
  t.like(metrics, { schemaErrors: 1, caughtAfterLowering: 1, cachedTokens: 2400 });
  const runtime = { engine: 'x', origin: 'loopback', version: '1', modelDigest: 'd' };
  const usage = { runtime, completions, toolTimes, dropped, tightened };
  t.deepEqual(usageSchema.parse(JSON.parse(JSON.stringify(usage))), usage);
});

const notCaught = test.macro(async (t, first: Partial<Completion>) => {
  const { metrics } = await run(serve(first, final()));
  t.like(metrics, { schemaErrors: 1, caughtAfterLowering: 0 });
});
const none = { kind: 'json-schema', dropped: [], tightened: [] } as const;
for (const [what, notes] of Object.entries({
  'nothing was dropped': {},
  'a part was only tightened': { tightened: [{ pointer: '', keyword: 'additionalProperties' }] },
  'the answer was only begun otherwise than asked': { prefill: 'left-out' },
} as const)) {
  test(`${what}: not caught after lowering`, notCaught, {
    text: call('rm'),
    constraint: { ...none, ...notes },
  });
}
test('a cut answer: not caught after lowering', notCaught, { text: final(), finish: 'length' });

test('an answer that never came is metered with its cause', async (t) => {
  const gone = await run(serve(call('echo'), new EngineFault('gone')));
  t.like(gone.meter.completions[1], { step: 2, finish: 'error', fault: 'engine', promptTokens: 0 });
  const hanging = { ...engineOf(script('')), complete: () => new Promise<never>(() => {}) };
  const late = await run(hanging, { limits: { timeout: 400 } });
  t.like(late.meter.completions, [{ step: 1, finish: 'error', fault: 'timeout' }]);
  t.true((late.meter.completions[0]?.totalMs ?? 0) >= 300);
});

test('a cut answer is metered as cut', async (t) => {
  const { meter } = await run(serve({ text: 'x', finish: 'length' }, final()));
  t.like(meter.completions[0], { finish: 'length', step: 1 });
});

test('the keywords that an engine claims to have dropped are bounded', async (t) => {
  const dropped = Array.from({ length: 1000 }, (_, index) => ({
    pointer: `/${index}`,
    keyword: 'pattern',
  }));
  const { meter } = await run(serve({ text: final(), constraint: { ...none, dropped } }));
  t.is(meter.dropped.size, 100);
  t.is(meter.completions[0]?.dropped, 1000);
});

test('qwen: the loop is the same, and the conversation is in the model’s own words', async (t) => {
  const asked: unknown[] = [];
  const engine = serve(said('echo', { text: '<tool_call>' }), 'no', said('final', end));
  const { outcome, messages, calls } = await run(
    {
      ...engine,
      complete: (request) => {
        asked.push([request.prefill, request.schema]);
        return engine.complete(request);
      },
    },
    inQwen,
  );
  t.deepEqual(outcome, { kind: 'final', output: end } as never);
  t.like(calls, [{ name: 'echo', args: { text: '<tool_call>' }, result: { text: '<tool_call>' } }]);
  const [prefill, schema] = asked[0] as [string, { readonly oneOf: readonly unknown[] }];
  t.is(prefill, '<tool_call>\n');
  t.is(schema.oneOf.length, tools.length + 1);
  t.deepEqual(
    messages.slice(2).map(({ content }) => content),
    [
      '<tool_call>\n{"name":"echo","arguments":{"text":"\\u003ctool_call>"}}\n</tool_call>',
      '<tool_response>\n{"result":{"text":"\\u003ctool_call>"},"tool":"echo"}\n</tool_response>',
      'no',
      `<tool_response>\n{"error":{"code":"schema","reason":"the answer is not one whole JSON object alone: Unexpected token 'o', \\"no\\" is not valid JSON"}}\n</tool_response>`,
      said('final', end),
    ],
  );
});

test('qwen: two calls in one answer are none', async (t) => {
  const two = said('echo', { text: 'a' }) + said('echo', { text: 'b' });
  const { calls, metrics } = await run(serve(two, said('final', end)), inQwen);
  t.is(calls.length, 0);
  t.like(metrics, { badSteps: 1, schemaErrors: 1 });
});
