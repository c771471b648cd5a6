// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import type { Failure } from '../../src/agent/schema.ts';
import { loopCodes } from '../../src/data/findings/failures.ts';
import { type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import type { Specialist } from '../../src/engine/rules/specialist.ts';
import { anyText } from '../data/any-text.ts';
import {
  agent,
  call,
  engineOf,
  engineThat,
  final,
  hang,
  type Overrides,
  run,
  script,
  tools,
} from './with-loop.ts';

const counter = (make: (turn: number) => string): Specialist => {
  return (messages) => make(messages.length);
};

type Failing = readonly [
  title: string,
  code: Failure['code'],
  engine: Engine | Specialist,
  overrides?: Overrides,
];

const once = { limits: { maxFailures: 1 } };

const failing: readonly Failing[] = [
  ['prose around JSON', 'schema', script(`Sure: ${final()} Done.`)],
  ['fenced JSON', 'schema', script(`\`\`\`json\n${final()}\n\`\`\``)],
  ['two objects', 'schema', script(`${call('echo')}\n${final()}`)],
  ['truncated JSON', 'schema', script(final().slice(0, -5))],
  ['wrong types', 'schema', script('{"type":"tool","name":7,"args":[]}')],
  ['a result off the out schema', 'schema', script(final({ changed: 'yes' }))],
  ['an empty answer', 'schema', script('')],
  [
    'an answer cut by length',
    'schema',
    script('x'.repeat(1000)),
    { limits: { maxOutputTokens: 9 } },
  ],
  ['an unknown tool', 'unknown-tool', script(call('rm'))],
  ['bad arguments', 'tool-args', script(call('strict', { count: 0 }))],
  ['a tool that throws', 'tool-result', counter((turn) => call('throwing', { text: `${turn}` }))],
  ['a tool that throws text', 'tool-result', script(call('throwing_text')), once],
  ['a tool that cannot do it', 'tool-result', script(call('faulty')), once],
  ['a result off its schema', 'tool-result', script(call('off_schema')), once],
  ['a result without JSON form', 'tool-result', script(call('circular')), once],
  ['a tool that cannot say what it touches', 'tool-result', script(call('untouchable')), once],
  [
    'a path out of scope',
    'denied',
    counter((turn) => call('write_file', { path: `src/${turn}.ts`, content: '' })),
  ],
  [
    'a path that escapes',
    'denied',
    script(call('write_file', { path: 'docs/../.git/config', content: '' })),
    once,
  ],
  ['a tool that is denied', 'denied', script(call('forbidden')), once],
  ['the same call three times', 'repeat', script(call('echo', { text: 'a' }))],
  ['A-B-A-B', 'repeat', script(...[1, 2, 1, 2, 1, 2].map((n) => call('echo', { text: `${n}` })))],
  ['endless calls', 'steps', counter((turn) => call('echo', { text: `${turn}` }))],
  [
    'more tokens than allowed',
    'tokens',
    counter((turn) => call('echo', { text: `${turn}` })),
    { limits: { maxTokens: 3000 } },
  ],
  [
    'an answer cut by the token limit',
    'tokens',
    script('x'.repeat(60_000)),
    { limits: { maxTokens: 4000 } },
  ],
  ['a prompt over the context', 'context', script(final()), { contextTokens: 4200 }],
  ['an engine that hangs', 'engine', hang, { limits: { idleTimeout: 30 } }],
  [
    'an engine that hangs counting',
    'engine',
    { ...engineOf(script(final())), countTokens: hang },
    { limits: { idleTimeout: 30 } },
  ],
  ['an engine that dies', 'engine', engineThat(() => Promise.reject(new EngineFault('gone')))],
  ['an engine that answers nothing', 'engine', engineThat(async () => undefined as never)],
  [
    'rules that throw',
    'engine',
    () => {
      throw new Error('bug');
    },
  ],
  [
    'a tool that hangs',
    'timeout',
    script(call('hanging')),
    { limits: { timeout: 30, maxFailures: 1 } },
  ],
  [
    'an engine that trickles on',
    'timeout',
    engineThat(({ onProgress }) => {
      const trickle = setInterval(() => onProgress?.(), 5);
      setTimeout(() => clearInterval(trickle), 200);
      return hang();
    }),
    { limits: { timeout: 100, idleTimeout: 40 } },
  ],
];

for (const [title, code, engine, overrides] of failing) {
  test(`fails as ${code}: ${title}`, async (t) => {
    const { outcome, metrics } = await run(engine, overrides);
    if (outcome.kind !== 'failure') return t.fail(`ended as ${outcome.kind}`);
    t.is(outcome.failure.code, code);
    t.not(outcome.failure.message, '');
    t.true((metrics.steps ?? 0) <= agent.limits.maxSteps);
  });
}

const writing = (end: Parameters<typeof engineThat>[0]) =>
  engineThat(async (request) => {
    request.onProgress?.({ text: `{"set":${'{"anyOf":'.repeat(40)}`, tokens: 321 });
    return end(request);
  });

for (const [title, end, code] of [
  ['that is too slow', hang, 'timeout'],
  ['whose engine dies', () => Promise.reject(new EngineFault('gone')), 'engine'],
] as const) {
  test(`an answer ${title} is kept as far as it came`, async (t) => {
    const { outcome, messages, metrics, meter } = await run(writing(end), {
      limits: { timeout: 50 },
    });
    if (outcome.kind !== 'failure') return t.fail(`ended as ${outcome.kind}`);
    t.is(outcome.failure.code, code);
    t.regex(outcome.failure.message, /321 tokens and ended in "….*anyOf/);
    t.is(metrics.completionTokens, 321);
    t.like(meter.completions.at(-1), { completionTokens: 321, finish: 'error' });
    t.regex(messages.at(-2)?.content ?? '', /^\{"set":\{"anyOf"/);
    // As after any bad answer, a reply says what became of it, and no step of it is learned from.
    t.is(messages.at(-1)?.role, 'user');
  });
}

test('a prompt over the context names the setting that was too little', async (t) => {
  const adviceAt = async (most: number) => {
    const { outcome } = await run(script(final()), {
      contextTokens: 4200,
      contextSetting: { setting: 'profiles.p.default', most },
    });
    return outcome.kind === 'failure' ? outcome.failure.advice : undefined;
  };
  t.regex(
    (await adviceAt(9000)) ?? '',
    /^set profiles\.p\.default\.contextTokens to \d+ or more, or/,
  );
  t.regex((await adviceAt(4200)) ?? '', /^that model takes 4200 at most: bind \S+ to rules/);
});

test('every code of the loop is reached above', (t) => {
  t.deepEqual(new Set(failing.map(([, code]) => code)), new Set(loopCodes));
});

const names = fc.oneof(
  fc.constantFrom(...tools.map(({ name }) => name).filter((name) => name !== 'hanging')),
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString'),
);

const args = fc.oneof(
  fc.record({ text: fc.string() }),
  fc.record({ path: fc.string(), content: fc.string() }),
  fc.record({ path: fc.constantFrom('docs/a.md', '../a', '/etc/passwd', '.git/config') }),
  fc.record({ count: fc.integer() }),
  fc.jsonValue(),
);

/** Anything from a good answer to noise. */
const answers = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(names, args).map(([name, value]) => call(name, value)) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(fc.constant({ changed: true }), fc.jsonValue())
      .map((value) => final(value)),
  },
  anyText(),
  fc.json(),
  fc.tuple(fc.string(), fc.string()).map(([before, after]) => `${before}${final()}${after}`),
  fc.nat(200).map((length) => call('echo', { text: 'a' }).slice(0, length)),
  fc.nat(5000).map((depth) => '{"a":'.repeat(depth)),
  fc.nat(5000).map((depth) => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`),
  fc.constant('{"type":"tool","name":"echo","args":{"__proto__":{"text":"x"}}}'),
);

const limits = fc.record({
  maxSteps: fc.integer({ min: 1, max: 20 }),
  maxFailures: fc.integer({ min: 1, max: 6 }),
  maxTokens: fc.integer({ min: 1, max: 40_000 }),
  maxOutputTokens: fc.integer({ min: 1, max: 4000 }),
  maxRepeats: fc.integer({ min: 1, max: 6 }),
});

test('whatever is answered, the loop halts within its bounds and throws nothing', async (t) => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(answers, { minLength: 1, maxLength: 25 }),
      limits,
      async (texts, bounds) => {
        let asked = 0;
        let charged = 0;
        const engine = engineOf(() => texts[asked % texts.length] ?? '');
        const counted = {
          ...engine,
          complete: async (request: Parameters<typeof engine.complete>[0]) => {
            const answer = await engine.complete(request);
            asked += 1;
            charged += answer.usage.prompt + answer.usage.completion;
            return answer;
          },
        };
        const { outcome, messages, calls, metrics } = await run(counted, { limits: bounds });
        ends.add(outcome.kind === 'final' ? 'final' : outcome.failure.code);
        t.true(asked <= bounds.maxSteps);
        t.true(charged <= bounds.maxTokens);
        t.true((metrics.badSteps ?? 0) <= bounds.maxFailures);
        t.true(calls.length <= asked);
        t.is(messages[0]?.role, 'system');
        t.notThrows(() => JSON.stringify([outcome, calls, metrics]));
        if (outcome.kind === 'failure') {
          t.true((loopCodes as readonly string[]).includes(outcome.failure.code));
          t.true(outcome.failure.message.length <= 800);
        }
      },
    ),
    { numRuns: 100, seed: 3 },
  );
  for (const end of ['final', 'schema', 'unknown-tool', 'tool-args', 'tokens', 'steps']) {
    t.true(ends.has(end), `never ended as ${end}`);
  }
});

test('whatever an engine does, the loop ends as a value', async (t) => {
  const behaviours = fc.constantFrom('answer', 'fault', 'hang', 'nothing', 'odd', 'cut');
  await fc.assert(
    fc.asyncProperty(fc.array(behaviours, { minLength: 1, maxLength: 6 }), async (plan) => {
      let turn = 0;
      const engine = engineOf(() => call('echo', { text: `${turn}` }));
      const { outcome } = await run(
        {
          ...engine,
          complete: async (request) => {
            const behaviour = plan[turn % plan.length];
            turn += 1;
            const answer = await engine.complete(request);
            if (behaviour === 'fault') throw new EngineFault('gone');
            if (behaviour === 'hang') return new Promise(() => {});
            if (behaviour === 'nothing') return {} as never;
            if (behaviour === 'odd') return { ...answer, text: 7 } as never;
            return behaviour === 'cut' ? { ...answer, finish: 'length' } : answer;
          },
        },
        { limits: { idleTimeout: 5 } },
      );
      t.is(outcome.kind, 'failure');
    }),
    { numRuns: 60, seed: 3 },
  );
});
