// SPDX-License-Identifier: GPL-3.0-only
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { judge, type Side } from '../../bench/engines/makespan/side.ts';
import {
  naively,
  openReuse,
  readTranscript,
  render,
  stepsOf,
} from '../../bench/engines/prefix/reuse.ts';
import { outcomeOf, renderSummary } from '../../bench/engines/run/outcome.ts';
import type { Message } from '../../src/engine/contract/engine.ts';

const run = promisify(execFile);
const benches = join(import.meta.dirname, '..', '..', 'bench', 'engines');

const side: Side = {
  begun: 10_000,
  ended: 20_000,
  nodes: 12,
  cpuSeconds: 1,
  cpuWaitSeconds: 0,
  peakMegabytes: 100,
};

test('a makespan is held against the work drawn, not against how long it took', (t) => {
  const services = [
    // Of an exam, before the night began.
    { at: 5000, drawn: 4, took: 4 },
    { at: 10_000, drawn: 8, took: 9 },
    { at: 10_000, drawn: 8, took: 8 },
  ];
  const judged = judge(side, services, 2);
  t.like(judged, { requests: 2, work: 16, ideal: 8, makespan: 10, overIdeal: 1.25, late: 1 });
  t.deepEqual(judged.occupancy, [2, 2, 2, 2, 2, 2, 2, 2, 1, 0]);
});

const message = (role: Message['role'], content: string): Message => ({ role, content });
const conversation = [
  message('system', 'You work on notes.\n\n# Tools\n\nnone'),
  message('user', 'acceptance: []\ncontext: []'),
  message('assistant', '{"type":"tool"}'),
  message('user', '{"tool":"x","result":1}'),
  message('assistant', '{"type":"final"}'),
];

test("a bundle's transcript is read back", (t) => {
  const text = conversation.map(({ role, content }) => `[${role}]\n${content}\n`).join('\n');
  t.deepEqual(readTranscript(text), conversation);
});

test('a step is what stood before an answer, and the naive order holds the same words', (t) => {
  const steps = stepsOf(conversation);
  t.deepEqual(
    steps.map(({ length }) => length),
    [2, 4],
  );
  const [first = [], second = []] = steps;
  t.deepEqual(naively(first), first);
  t.deepEqual(naively(second), [
    conversation[0],
    message('user', '{"type":"tool"}\n{"tool":"x","result":1}\nacceptance: []\ncontext: []'),
  ]);
  t.true(render(second).startsWith(render(first).slice(0, -'<|im_start|>assistant\n'.length)));
});

test('only whole blocks from the beginning on are served again, and never the last token', (t) => {
  const reuse = openReuse();
  const tokens = Array.from({ length: 40 }, (_, index) => index);
  t.deepEqual(reuse(tokens), { prompt: 40, reusable: 0 });
  t.deepEqual(reuse([...tokens, 40]), { prompt: 41, reusable: 32 });
  t.deepEqual(reuse([99, ...tokens.slice(1)]), { prompt: 40, reusable: 0 });
  t.deepEqual(reuse([...tokens.slice(0, 20), 99, ...tokens.slice(21)]), {
    prompt: 40,
    reusable: 16,
  });
  t.deepEqual(reuse(tokens.slice(0, 32)), { prompt: 32, reusable: 31 });
});

test("a summary tells each bench's goals, and why one did not run", (t) => {
  const ended = { status: 0, seconds: 2 };
  const outcomes = [
    outcomeOf('one', 'a line\nthis over that: 1.02 (goal 1.05 or less)\n', ended),
    outcomeOf('two', 'skipped: no server\n', ended),
    outcomeOf('three', 'vllm is skipped: not there\nx: 3 (goal 2)\n', ended),
    outcomeOf('four', 'Error: out of luck\n', { status: 1, seconds: 2 }),
    outcomeOf('five', '', { status: null, seconds: 2 }),
  ];
  t.deepEqual(
    outcomes.map(({ state }) => state),
    ['measured', 'skipped', 'measured', 'failed', 'failed'],
  );
  t.is(
    renderSummary(outcomes),
    [
      'one: measured in 2 s',
      '  this over that: 1.02 (goal 1.05 or less)',
      'two: skipped in 2 s',
      '  no server',
      'three: measured in 2 s',
      '  x: 3 (goal 2)',
      '  vllm is skipped: not there',
      'four: failed in 2 s',
      '  Error: out of luck',
      '  it ended with status 1',
      'five: failed in 2 s',
      '  it was stopped',
      '  it was stopped',
      '2 measured, 2 failed, 1 skipped',
    ].join('\n'),
  );
});

test('the benches of engines tell what there is, and refuse what there is not', async (t) => {
  const { stdout } = await run(process.execPath, [join(benches, 'run.ts'), '--help']);
  for (const name of ['makespan', 'prefix', 'llama', 'envelopes', 'vllm', 'side-by-side']) {
    t.regex(stdout, new RegExp(`^  ${name} `, 'm'));
  }
  const wrong = run(process.execPath, [join(benches, 'run.ts'), '--only', 'nothing']);
  const error = await t.throwsAsync(wrong);
  t.regex(String((error as { readonly stderr?: string }).stderr), /there is no bench "nothing"/);
});

test('a small night on the simulated engine approves every unit and is judged', async (t) => {
  t.timeout(180_000);
  const args = ['--units', '20', '--slots', '8', '--scale', '0.02', '--only', 'night', '--json'];
  const { stdout } = await run(process.execPath, [join(benches, 'makespan.ts'), ...args]);
  const { night, sample } = JSON.parse(stdout);
  // Two answers to the work and one to each review, of every unit; and two of an exam's patches.
  t.is(night.requests, 84);
  t.is(night.nodes, 88);
  t.true(night.overIdeal >= 1, `${night.overIdeal}`);
  t.true(night.batch > 1 && night.batch <= 8, `${night.batch}`);
  t.is(sample.requests, 8);
});
