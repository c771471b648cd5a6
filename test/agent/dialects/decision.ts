// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { decision, decisionIn } from '../../../src/agent/dialects/decision.ts';
import type { OpenDecision } from '../../../src/chore/decide/decision.ts';
import { each } from '../../each.ts';
import { agent, call, input, run, script } from '../with-loop.ts';
import { came } from './with-protocol.ts';

const of = (more: Partial<OpenDecision> = {}): OpenDecision => ({
  questions: [
    { name: 'title', candidates: [{ name: 'kept' }, { name: 'heading', value: 'A\n- none' }] },
    { name: 'tags', candidates: [{ name: 'nothing' }, { name: 'hashtags', value: ['b'] }] },
  ],
  write: (picks) => ({ tool: 'open', args: { picked: picks.map(({ name }) => name) } }),
  ...more,
});

const dialect = decision.of(of(), ' Pick.\n');

test('candidates are lines of their own, and no value adds one', (t) => {
  t.is(dialect.renderSystem(), 'Pick.');
  t.is(
    dialect.renderTask(input),
    [
      'Asked: "All have it"',
      ...['title', '- kept', '- heading: "A\\n- none"', '- none'],
      ...['tags', '- nothing', '- hashtags: ["b"]', '- none'],
    ].join('\n'),
  );
});

test('a long value is cut', (t) => {
  const questions = [{ name: 'title', candidates: [{ name: 'heading', value: 'x'.repeat(500) }] }];
  const task = decision.of(of({ questions }), '').renderTask(input);
  t.true(task.includes(`- heading: "${'x'.repeat(119)}…\n`));
});

test('an answer is held to the names, all of them asked', (t) => {
  t.deepEqual(dialect.schemaOf(), {
    type: 'object',
    properties: {
      title: { enum: ['kept', 'heading', 'none'] },
      tags: { enum: ['nothing', 'hashtags', 'none'] },
    },
    required: ['title', 'tags'],
    additionalProperties: false,
  });
});

const reads = test.macro((t, text: string, expected: object) => {
  t.like(came(dialect, text), expected);
});

each(reads, {
  'picks are a call': [
    '{"title":"heading","tags":"nothing"}',
    { type: 'tool', name: 'open', args: { picked: ['heading', 'nothing'] } },
  ],
  'where nothing is right, it declines': [
    '{"title":"heading","tags":"none"}',
    {
      type: 'final',
      output: { status: 'fail', notes: 'nothing that is offered for tags is right' },
    },
  ],
  'a name of another question is a bad step': [
    '{"title":"nothing","tags":"nothing"}',
    { code: 'schema', reason: 'title: pick one of its names' },
  ],
  'a question left out is a bad step': [
    '{"title":"kept"}',
    { code: 'schema', reason: 'tags: pick one of its names' },
  ],
  'a name of Object.prototype is none': [
    '{"title":"kept","tags":"constructor"}',
    { code: 'schema' },
  ],
  'prose is a bad step': ['I pick kept', { code: 'schema' }],
});

test('picks that cannot be written decline', (t) => {
  const torn = decision.of(of({ write: () => ({ refused: 'it is torn' }) }), '');
  t.like(came(torn, '{"title":"kept","tags":"nothing"}'), {
    type: 'final',
    output: { status: 'fail', notes: 'it is torn' },
  });
});

test('picks that need no call are the result', async (t) => {
  const opinion = of({ write: () => ({ notes: 'so be it', result: { changed: true } }) });
  t.like(came(decision.of(opinion, ''), '{"title":"kept","tags":"nothing"}'), {
    type: 'final',
    output: { status: 'ok', notes: 'so be it', result: { changed: true } },
  });
  const foreign = of({ write: () => ({ notes: 'so be it', result: { verdict: 1 } }) });
  const answer = '{"title":"kept","tags":"nothing"}';
  const { outcome } = await run(script(answer, answer, answer), {
    dialect: decision.of(foreign, ''),
  });
  t.like(outcome, { kind: 'failure', failure: { code: 'schema' } });
});

test('a view that a profile sets is part of the digest', (t) => {
  t.is(decisionIn(undefined).digest, decision.digest);
  const digests = ['words', 'values'] as const;
  t.is(new Set([decision.digest, ...digests.map((view) => decisionIn(view).digest)]).size, 3);
  t.is(decisionIn('values').view, 'values');
});

const sureFrom = (least: number, opened = of()) => decisionIn(undefined, least).of(opened, '');
const answer = '{"title":"heading","tags":"nothing"}';

test('an answer below the least confidence that a profile sets writes nothing', (t) => {
  const sure = sureFrom(0.9);
  t.is(sure.confidence, 0.9);
  t.is(dialect.confidence, undefined);
  for (const [confidence, expected] of [
    [0.9, { type: 'tool' }],
    [0.89, { type: 'final', output: { status: 'fail' } }],
    [undefined, { type: 'final', output: { status: 'fail' } }],
    [Number.NaN, { type: 'final', output: { status: 'fail' } }],
  ] as const) {
    t.like(came(sure, answer, confidence), expected, String(confidence));
  }
  t.like(came(dialect, answer, 0), { type: 'tool' });
  t.not(decisionIn(undefined, 0.9).digest, decision.digest);
  t.not(decisionIn(undefined, 0.9).digest, decisionIn(undefined, 0.8).digest);
});

test('what an unsure pick comes to can be said', (t) => {
  const unsure = of({ writeUnsure: () => ({ notes: 'undecided', result: {} }) });
  t.like(came(sureFrom(0.9, unsure), answer, 0.5), {
    type: 'final',
    output: { status: 'ok', notes: 'undecided' },
  });
});

/** Its result is that of the tool `echo`. */
const echoing = { ...agent, out: { type: 'object', required: ['text'] } } as typeof agent;

test('one answer is one step: the call ends the run, and its result is the agent’s', async (t) => {
  const writes = of({ write: () => ({ tool: 'echo', args: { text: 'x' } }) });
  const { outcome, messages, metrics } = await run(script('{"title":"kept","tags":"nothing"}'), {
    agent: echoing,
    dialect: decision.of(writes, 'Pick.'),
  });
  t.like(outcome, { kind: 'final', output: { status: 'ok', result: { text: 'x' } } });
  t.is(metrics.steps, 1);
  t.is(messages.at(-1)?.content, 'Done.');
});

test('a result that is not the agent’s ends it red', async (t) => {
  const writes = of({ write: () => ({ tool: 'echo', args: { text: 'x' } }) });
  const { outcome } = await run(script('{"title":"kept","tags":"nothing"}'), {
    dialect: decision.of(writes, 'Pick.'),
  });
  t.like(outcome, { kind: 'failure', failure: { code: 'schema' } });
});

test('a patch that the rules deny is told, and the next pick is tried', async (t) => {
  let judged = 0;
  const { outcome, messages, metrics } = await run(
    script('{"title":"kept","tags":"nothing"}', '{"title":"heading","tags":"nothing"}'),
    {
      agent: echoing,
      dialect: decision.of(
        of({ write: ([title]) => ({ tool: 'echo', args: { text: title?.name ?? '' } }) }),
        'Pick.',
      ),
      verifier: {
        verify: () => ({ allow: true }),
        verifyPatch: async () => {
          judged += 1;
          return judged === 1 ? { allow: false, rule: 'r', reason: 'not that' } : { allow: true };
        },
      },
    },
  );
  t.like(outcome, { kind: 'final', output: { result: { text: 'heading' } } });
  t.is(metrics.denials, 1);
  t.regex(messages.at(-3)?.content ?? '', /^Not done: "not that/);
});

test('an answer has few tokens, whatever the agent may', async (t) => {
  const { outcome } = await run(script(call('x'.repeat(2000))), {
    dialect: decision.of(of(), 'Pick.'),
    limits: { maxFailures: 1 },
  });
  t.like(outcome, { kind: 'failure', failure: { code: 'schema' } });
  t.regex(JSON.stringify(outcome), /cut at 256 tokens/);
});
