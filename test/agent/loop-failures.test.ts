// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { type Failure, loopCodes } from '../../src/agent/schema.ts';
import { type Engine, EngineFault } from '../../src/engine/contract/engine.ts';
import type { Specialist } from '../../src/engine/rules/specialist.ts';
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
  [
    'a tool that throws text',
    'tool-result',
    script(call('throwing_text')),
    { limits: { maxFailures: 1 } },
  ],
  [
    'a tool that cannot do it',
    'tool-result',
    script(call('faulty')),
    { limits: { maxFailures: 1 } },
  ],
  [
    'a result off its schema',
    'tool-result',
    script(call('off_schema')),
    { limits: { maxFailures: 1 } },
  ],
  [
    'a result without JSON form',
    'tool-result',
    script(call('circular')),
    { limits: { maxFailures: 1 } },
  ],
  [
    'a tool that cannot say what it touches',
    'tool-result',
    script(call('untouchable')),
    { limits: { maxFailures: 1 } },
  ],
  [
    'a path out of scope',
    'denied',
    counter((turn) => call('write_file', { path: `src/${turn}.ts`, content: '' })),
  ],
  [
    'a path that escapes',
    'denied',
    script(call('write_file', { path: 'docs/../.git/config', content: '' })),
    { limits: { maxFailures: 1 } },
  ],
  ['a tool that is denied', 'denied', script(call('forbidden')), { limits: { maxFailures: 1 } }],
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

test('every code of the loop is reached above', (t) => {
  t.deepEqual(new Set(failing.map(([, code]) => code)), new Set(loopCodes));
});
