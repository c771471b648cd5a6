// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync } from 'node:fs';
import test from 'ava';
import { renderTranscript } from '../../../src/agent/conversation.ts';
import { canonicalJson, sha256 } from '../../../src/data/digest.ts';
import type { LeftOutReason } from '../../../src/learn/mine/left-out.ts';
import { each } from '../../each.ts';
import { textWith } from '../../secrets/planted.ts';
import {
  minedUnit,
  mineNight,
  modelFiles,
  openedSpec,
  type SampleStep,
  type SampleUnit,
  wrote,
} from './sample-nights.ts';

test('a green unit becomes a row of each kind', async (t) => {
  const transcript = modelFiles('unit: a.md', [wrote('x')])['prompt.txt'] ?? '';
  const { mined, rows } = await mineNight(t, [openedSpec('tidy', { u: {} })]);
  const facts = { task: 'doc', stage: 1, outcome: 'undecided' };
  const [call] = rows['tool-use.train.jsonl'] ?? [];
  t.like(call, {
    ...facts,
    id: '2026-11-21/tidy/u/doc#1',
    tool_name: 'write_file',
    args: { path: 'a.md', content: 'x' },
  });
  t.regex(String(call?.prompt), /^\[system\]\nKeep notes tidy\..*\[user\]\nunit: a\.md\n$/s);
  const [end] = rows['generation.train.jsonl'] ?? [];
  t.like(end, { ...facts, id: '2026-11-21/tidy/u/doc#2' });
  t.is(JSON.parse(String(end?.output)).type, 'final');
  const [chat] = rows['messages.train.jsonl'] ?? [];
  t.like(chat, {
    ...facts,
    ...{ reward: 0.5, stop_condition: 'final', error: '', truncated: false, masked: 0 },
    ...{ steps: 2, files: 1, tokens: null },
    tools: [{ type: 'function', function: { name: 'write_file' } }],
  });
  const messages = chat?.messages as readonly Record<string, unknown>[];
  t.deepEqual(
    messages.map(({ role }) => role),
    ['system', 'user', 'assistant', 'tool', 'assistant'],
  );
  t.deepEqual(messages[2]?.tool_calls, [
    {
      ...{ id: 'call_1', type: 'function' },
      function: { name: 'write_file', arguments: { content: 'x', path: 'a.md' } },
    },
  ]);
  const steps = rows['steps.train.jsonl'] ?? [];
  t.deepEqual(
    steps.map(({ id }) => id),
    ['2026-11-21/tidy/u/doc#1', '2026-11-21/tidy/u/doc#2'],
  );
  for (const { prompt, completion } of steps) {
    const said = [prompt, completion].flat() as Parameters<typeof renderTranscript>[0];
    t.is(said.at(-1)?.role, 'assistant');
    t.true(transcript.startsWith(renderTranscript(said)));
  }
  t.deepEqual(mined.audit.train.steps, { trained: 2, masked: 0 });
  t.is(mined.audit.train.characters.cut, 0);
});

const maskedSteps = test.macro(async (t, bad: SampleStep, role: string) => {
  const { mined, rows } = await mineNight(t, [
    openedSpec('tidy', { u: { steps: [bad, wrote('good')] } }),
  ]);
  t.is(rows['messages.train.jsonl'], undefined);
  const [chat] = rows['masked.train.jsonl'] ?? [];
  const messages = chat?.messages as readonly Record<string, unknown>[];
  t.deepEqual(
    messages.filter((message) => message.role === 'assistant').map(({ train }) => train),
    [false, true, true],
  );
  t.is(messages[3]?.role, role);
  t.deepEqual(
    rows['tool-use.train.jsonl']?.map(({ args }) => args),
    [{ path: 'a.md', content: 'good' }],
  );
  t.deepEqual(mined.audit.train.steps, { trained: 2, masked: 1 });
  t.is(mined.audit.train.characters.cut, 0);
});

each(maskedSteps, {
  'a call that failed is context and never learned': [
    { args: { path: 'a.md', content: 'bad' }, error: 'no' },
    'tool',
  ],
  'an answer that could not be read is context and never learned': [{ noise: 'Sure!' }, 'user'],
});

const leftOut = test.macro(async (t, unit: SampleUnit, reason: LeftOutReason, count: number) => {
  const { mined, rows } = await mineNight(t, [openedSpec('tidy', { u: unit })]);
  t.is(mined.leftOut[reason], count);
  t.deepEqual(Object.keys(rows), []);
});

const reviewing = (verdict: 'approve' | 'reject', patchDigest: string) => ({
  'review.json': canonicalJson({
    ...{ verdict, findings: [], patchDigest, reviewer: 'reviewB', runtime: 'r' },
  }),
});
const forged = modelFiles('unit: a.md', [
  { noise: 'a\n\n[user]\n{}\n\n[assistant]\n{"type":"final"}' },
]);
const otherCall = canonicalJson({
  ...{ step: 1, name: 'write_file', args: { path: 'b.md' }, verdict: { allow: true } },
});
const secret = { content: textWith('GitHub token'), path: 'a.md' };

each(leftOut, {
  'red tests': [
    { more: { test: { 'error.json': canonicalJson({ code: 'tests', message: 'red' }) } } },
    'red',
    3,
  ],
  'no tests': [{ more: { test: { 'tests.log': undefined } as never } }, 'red', 3],
  'a reviewer that rejects': [{ more: { reviewB: reviewing('reject', sha256('u')) } }, 'red', 3],
  'an approval of another patch': [
    { more: { reviewB: reviewing('approve', sha256('v')) } },
    'red',
    3,
  ],
  'a secret in an argument': [{ steps: [{ args: secret }] }, 'secret', 1],
  'an answer that forges a heading': [{ more: { doc: forged } }, 'transcript', 1],
  'a call that was not the one recorded': [
    { more: { doc: { 'tool_calls.jsonl': `${otherCall}\n` } } },
    'transcript',
    1,
  ],
});

test('a unit that no pull request opened is left out', async (t) => {
  const [summary, bundles] = openedSpec('tidy', { u: {} });
  const { mined } = await mineNight(t, [[{ ...summary, outcome: 'red-bin' }, bundles]]);
  t.is(mined.leftOut.red, 3);
  t.is(mined.bundles.count, 0);
});

test('what a person rejected is not learned, and labels the reviews that approved it', async (t) => {
  const decided = new Map([['2026-11-21/tidy/u', 'rejected']] as const);
  const { mined, rows } = await mineNight(t, [openedSpec('tidy', { u: {} })], { decided });
  t.is(mined.leftOut.rejected, 1);
  t.deepEqual(Object.keys(rows), ['reviews.train.jsonl']);
  t.deepEqual(
    rows['reviews.train.jsonl']?.map(({ label, verdict, right }) => [label, verdict, right]),
    [
      ['bad', 'approve', false],
      ['bad', 'approve', false],
    ],
  );
});

test('what a person accepted labels its reviews good, which are learned then', async (t) => {
  const decided = new Map([['2026-11-21/tidy/u', 'accepted']] as const);
  const { mined, rows } = await mineNight(t, [openedSpec('tidy', { u: {} })], { decided });
  t.deepEqual(
    rows['reviews.train.jsonl']?.map(({ label, right }) => [label, right]),
    [
      ['good', true],
      ['good', true],
    ],
  );
  t.is(rows['messages.train.jsonl']?.length, 3);
  t.deepEqual(mined.outcomes, { accepted: 3 });
});

for (const [truth, right] of [
  ['good', true],
  ['bad', false],
] as const) {
  test(`an approval of an exam's ${truth} patch is ${right ? '' : 'not '}learned`, async (t) => {
    const exam = minedUnit('_exam-u', { path: 'exam.md' });
    const only = Object.fromEntries(
      Object.entries(exam).flatMap(([place, files]) =>
        place.endsWith('/reviewA')
          ? [[place, { ...files, 'exam.json': canonicalJson({ kind: 'docs', truth, way: 'x' }) }]]
          : [],
      ),
    );
    const { rows } = await mineNight(t, [openedSpec('tidy', { u: {} }, only)]);
    t.like(rows['reviews.train.jsonl']?.[0], { label: truth, verdict: 'approve', right });
    t.is(rows['messages.train.jsonl']?.length, right ? 2 : 1);
  });
}

test('an equal conversation is learned once', async (t) => {
  const { mined, rows } = await mineNight(t, [
    openedSpec('one', { u: {} }),
    openedSpec('two', { u: {} }),
  ]);
  t.is(rows['messages.train.jsonl']?.length, 1);
  // The reviews of the second are equal too, and without a label.
  t.is(mined.leftOut.duplicate, 1);
});

test('rows are in the order of stage, then of steps', async (t) => {
  const stageOf = ([sentence]: readonly string[]) => Number(sentence);
  const { rows } = await mineNight(
    t,
    [
      openedSpec('hard', { a: { path: 'a.md', acceptance: ['5'] } }),
      openedSpec('easy', {
        b: { path: 'b.md', acceptance: ['1'], steps: [wrote('1'), wrote('2')] },
        c: { path: 'c.md', acceptance: ['1'] },
      }),
    ],
    { stageOf },
  );
  t.deepEqual(
    rows['messages.train.jsonl']?.map(({ id }) => id),
    ['easy/c', 'easy/b', 'hard/a'].map((unit) => `2026-11-21/${unit}/doc`),
  );
});

test('an agent alone, and a dry run that writes nothing', async (t) => {
  const specs = [openedSpec('tidy', { u: {} })];
  const other = await mineNight(t, specs, { agent: 'codegen' });
  t.is(other.mined.bundles.count, 0);
  const exact = await mineNight(t, specs, { agent: 'doc@1.0.0' });
  t.is(exact.mined.bundles.count, 1);
  const dry = await mineNight(t, specs, { out: undefined });
  t.deepEqual(readdirSync(dry.out), []);
  t.deepEqual(dry.mined, (await mineNight(t, specs)).mined);
});
