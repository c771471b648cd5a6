// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { UserError } from '../../src/data/user-error.ts';
import {
  type Check,
  type Engine,
  EngineFault,
  type Probe,
} from '../../src/engine/contract/engine.ts';
import { checkOfFault, preflight, refuseFailed } from '../../src/engine/preflight.ts';
import { NotLocalFault, UnreachableFault } from '../../src/engine/wire/faults.ts';

const setting = 'profiles.gpu.default';
const { signal } = new AbortController();

const probe: Probe = {
  identity: {
    engine: 'vllm',
    origin: 'unix-socket',
    version: '1',
    model: 'tiny',
    modelDigest: 'digest',
    temperature: 0,
  },
  contextTokens: 1_024,
  slots: 8,
};

/** Follows the canary's schema. */
const complete: Engine['complete'] = async ({ schema }) => {
  const { seal, kind } = (schema as { readonly properties: Readonly<Record<string, Words>> })
    .properties;
  const text = JSON.stringify({ seal: seal?.const, kind: kind?.enum?.[0] });
  const usage = { prompt: 1, cached: 0, completion: 1 };
  return { text, usage, finish: 'stop', timing: { firstToken: 1, total: 1 } };
};
type Words = { readonly const?: string; readonly enum?: readonly string[] };

const engine: Engine = {
  complete,
  probe: async () => probe,
  countTokens: async () => 7,
  close: async () => {},
};

const states = (checks: readonly Check[]) => checks.map(({ name, state }) => `${name} ${state}`);

test('an engine as it should be: every check in its order, and the probe', async (t) => {
  const looked = await preflight(engine, { engine: 'vllm' }, { setting, signal });
  t.is(looked.probe, probe);
  t.deepEqual(states(looked.checks.filter(({ name }) => name !== 'memory')), [
    'local ok',
    'template ok',
    'context ok',
    'schema ok',
    'slots ok',
  ]);
  t.notThrows(() => refuseFailed(looked.checks, setting));
});

test('rules are asked for no schema', async (t) => {
  const mute = { ...engine, complete: () => Promise.reject(new Error('asked')) };
  const { checks } = await preflight(mute, { engine: 'rules' }, { setting, signal });
  t.deepEqual(states(checks), ['local ok']);
});

const fault = (error: Error) => async () => {
  throw error;
};

const faults: Readonly<
  Record<
    string,
    readonly [
      spoilt: Partial<Engine>,
      runtime: { readonly contextTokens?: number; readonly slots?: number },
      state: string,
      detail: RegExp,
    ]
  >
> = {
  'more context than there is': [
    {},
    { contextTokens: 2_048 },
    'context fail',
    /^profiles\.gpu\.default\.contextTokens: 2048 are set, and the engine has 1024/,
  ],
  'more slots than there are': [{}, { slots: 64 }, 'slots warn', /64 are set.* takes 8/],
  'a schema that is ignored': [
    {
      complete: async () => ({
        text: 'The sea is blue.',
        finish: 'stop',
        usage: { prompt: 1, cached: 0, completion: 1 },
        timing: { firstToken: 1, total: 1 },
      }),
    },
    {},
    'schema fail',
    /not enforced: .*The sea is blue/,
  ],
  'a canary without an answer': [
    { complete: fault(new EngineFault(`${setting}.socket: /x broke off; look at the log`)) },
    {},
    'schema fail',
    /broke off$/,
  ],
  'no template': [
    { countTokens: fault(new EngineFault(`${setting}.model: has no chat template; add one`)) },
    {},
    'template fail',
    /no chat template$/,
  ],
  'nothing that listens': [
    { probe: fault(new UnreachableFault(`${setting}.socket: /x nothing listens there; start it`)) },
    {},
    'reachable fail',
    /nothing listens there$/,
  ],
  'what a driver saw itself': [
    {
      probe: async () => ({
        ...probe,
        checks: [{ name: 'schema', state: 'fail', detail: 'seen before' }],
      }),
    },
    {},
    'schema fail',
    /^seen before$/,
  ],
};

for (const [title, [spoilt, runtime, state, detail]] of Object.entries(faults)) {
  test(`finds ${title}`, async (t) => {
    const spoiled = { ...engine, ...spoilt };
    const { checks } = await preflight(
      spoiled,
      { engine: 'vllm', ...runtime },
      { setting, signal },
    );
    const found = checks.find(({ name, state: own }) => `${name} ${own}` === state);
    t.truthy(found, states(checks).join(', '));
    t.regex(found?.detail ?? '', detail);
    if (state.endsWith('fail')) {
      t.throws(() => refuseFailed(checks, setting), {
        instanceOf: UserError,
        message: /^pantheon\.yaml: profiles\.gpu\.default/,
      });
    }
  });
}

test('an abort is no failed check', async (t) => {
  const reason = new Error('interrupted');
  const controller = new AbortController();
  const waiting: Engine = {
    ...engine,
    complete: async (request) => {
      controller.abort(reason);
      request.signal.throwIfAborted();
      return complete(request);
    },
  };
  const looking = preflight(waiting, { engine: 'vllm' }, { setting, signal: controller.signal });
  t.is(await looking.catch((error) => error), reason);
});

test('a defect is no failed check', async (t) => {
  const broken = { ...engine, probe: fault(new TypeError('a defect')) };
  await t.throwsAsync(preflight(broken, { engine: 'vllm' }, { setting, signal }), {
    instanceOf: TypeError,
  });
});

test('every failed check is told, a line each', (t) => {
  const checks: readonly Check[] = [
    {
      name: 'context',
      state: 'fail',
      detail: `${setting}.contextTokens: too many`,
      fix: 'lower it',
    },
    { name: 'schema', state: 'fail', detail: 'not enforced', fix: 'update it' },
    { name: 'slots', state: 'warn', detail: 'few' },
  ];
  t.throws(() => refuseFailed(checks, setting), {
    message: [
      'pantheon.yaml: profiles.gpu.default.contextTokens: too many; lower it',
      'pantheon.yaml: profiles.gpu.default: schema: not enforced; update it',
    ].join('\n'),
  });
});

const names: readonly (readonly [error: Error, name: Check['name'], fix?: string])[] = [
  [
    new NotLocalFault(`${setting}.url: http://x leads away; write another`),
    'local',
    'write another',
  ],
  [new EngineFault(`${setting}.model: not served; correct it`), 'model', 'correct it'],
  [new EngineFault(`${setting}.adapter: not there; load it`), 'adapter', 'load it'],
  [
    new EngineFault(`${setting}.socket: /x is not a vLLM server; correct it`),
    'reachable',
    'correct it',
  ],
  [
    new UserError(`${setting}.model: names no model; name one`, {
      place: { file: 'pantheon.yaml' },
    }),
    'model',
    'name one',
  ],
  [
    new UserError('openvino-genai-node is not installed; run npm install'),
    'installed',
    'run npm install',
  ],
  [new EngineFault('it failed'), 'reachable'],
];

for (const [error, name, fix] of names) {
  test(`"${error.message}" is about ${name}`, (t) => {
    const check = checkOfFault(error, setting);
    t.is(check.name, name);
    t.is(check.fix, fix);
    t.false(check.detail.startsWith('pantheon.yaml'));
  });
}
