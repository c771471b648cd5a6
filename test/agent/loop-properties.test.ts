// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import fc from 'fast-check';
import { loopCodes } from '../../src/agent/schema.ts';
import { EngineFault } from '../../src/engine/contract/engine.ts';
import { anyText } from '../data/any-text.ts';
import { call, engineOf, final, run, tools } from './with-loop.ts';

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
