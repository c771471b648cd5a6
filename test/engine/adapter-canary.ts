// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import {
  type AdapterCanary,
  adapterCheck,
  sendAdapterCanary,
} from '../../src/engine/adapter-canary.ts';
import {
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../../src/engine/contract/engine.ts';
import { preflight, refuseFailed } from '../../src/engine/preflight.ts';
import { each } from '../each.ts';

const options = { signal: new AbortController().signal, idleTimeoutMs: 1_000 };
const setting = 'profiles.gpu.doc';

type Answer = (request: CompletionRequest, turn: number) => string;

/** An engine that answers by what it is asked and how often it was asked before. */
const answering = (answer: Answer): Pick<Engine, 'complete'> & { readonly turns: () => number } => {
  let turn = 0;
  return {
    turns: () => turn,
    complete: async (request) => {
      turn += 1;
      const usage = { prompt: 1, cached: 0, completion: 1 };
      const text = answer(request, turn);
      return { text, usage, finish: 'stop', timing: { firstToken: 1, total: 1 } };
    },
  };
};

const seen = test.macro(
  async (t, answer: Answer, outcome: AdapterCanary, turns: number, state: 'ok' | 'fail') => {
    const engine = answering(answer);
    t.is(await sendAdapterCanary(engine, 'doc@1', options), outcome);
    t.is(engine.turns(), turns);
    t.is(adapterCheck(outcome, 'doc@1').state, state);
  },
);

each(seen, {
  'an adapter that changes the first answer': [
    ({ adapter = 'none' }) => adapter,
    ...(['changed', 3, 'ok'] as const),
  ],
  'an adapter that changes the last answer alone': [
    ({ adapter }, turn) => (adapter !== undefined && turn > 7 ? 'other' : 'plain'),
    ...(['changed', 9, 'ok'] as const),
  ],
  'an adapter that changes nothing': [() => 'plain', ...(['same', 8, 'fail'] as const)],
  'an engine that never says the same': [
    (_, turn) => `${turn}`,
    ...(['unsteady', 12, 'fail'] as const),
  ],
  'an engine that is unsteady once': [
    ({ adapter }, turn) => (turn < 4 ? `${turn}` : (adapter ?? 'plain')),
    ...(['changed', 6, 'ok'] as const),
  ],
});

test('the same is asked with the adapter and without, for the likeliest words', async (t) => {
  const asked: CompletionRequest[] = [];
  const engine = answering((request) => {
    asked.push(request);
    return request.adapter ?? 'none';
  });
  await sendAdapterCanary(engine, 'doc@1', options);
  const [plain, adapted, again] = asked;
  t.deepEqual(adapted, { ...plain, adapter: 'doc@1' } as CompletionRequest);
  t.deepEqual(again, plain);
  t.is(plain?.temperature, 0);
  t.false(Object.hasOwn(plain ?? {}, 'adapter'));
});

const served = (complete: Engine['complete']): Engine => ({
  complete,
  probe: async () => ({
    identity: {
      ...{ engine: 'vllm', origin: 'unix-socket', version: '1', modelDigest: 'a', temperature: 0 },
    },
    ...{ contextTokens: 1_024, slots: 8 },
    checks: [{ name: 'adapter', state: 'ok', detail: '"doc@1" from /a' }],
  }),
  countTokens: async () => 7,
  close: async () => {},
});

/** Follows every schema that the preflight asks with; `move` says what an adapter makes of prose. */
const following = (move: (request: CompletionRequest) => string): Engine['complete'] =>
  answering((request) => {
    const { seal, kind } = request.schema.properties as Readonly<Record<string, Words>>;
    if (!seal) return move(request);
    return JSON.stringify({ seal: seal.const, kind: kind?.enum?.[0] });
  }).complete;

type Words = { readonly const?: string; readonly enum?: readonly string[] };

const looked = (complete: Engine['complete'], adapter?: string) =>
  preflight(
    served(complete),
    { engine: 'vllm', ...(adapter !== undefined && { adapter }) },
    { setting, signal: options.signal },
  );

test('a preflight refuses an adapter that changes nothing, and asks nothing where there is none', async (t) => {
  const { checks } = await looked(
    following(() => 'plain'),
    'doc@1',
  );
  t.throws(() => refuseFailed(checks, setting), {
    message:
      'pantheon.yaml: profiles.gpu.doc: adapter: the adapter "doc@1" changes nothing: 4 answers are the same with it and without it; train it again, or take "adapter" out of the profile',
  });
  const moved = await looked(
    following(({ adapter = '' }) => adapter),
    'doc@1',
  );
  t.like(
    moved.checks.find(({ name }) => name === 'adapter'),
    { state: 'ok', detail: '"doc@1" from /a; it changes what the model says' },
  );
  const unasked = following(() => {
    throw new Error('asked');
  });
  t.true((await looked(unasked)).checks.every(({ state }) => state !== 'fail'));
});

test('an adapter that cannot be asked is refused', async (t) => {
  const { checks } = await looked(
    following(({ adapter }) => {
      if (adapter === undefined) return 'plain';
      throw new EngineFault(`${setting}.adapter: the server has no adapter "doc@1"; load it`);
    }),
    'doc@1',
  );
  t.like(
    checks.find(({ name }) => name === 'adapter'),
    { state: 'fail', fix: 'load it' },
  );
});
