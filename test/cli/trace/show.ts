// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { showBundle } from '../../../src/cli/trace/show.ts';
import type { Bundle, BundleFiles } from '../../../src/trace/bundle.ts';
import { each } from '../../each.ts';

const bundle = (files: BundleFiles): Bundle => ({
  address: { spec: 'tidy', unit: 'note-1', node: 'doc' },
  identity: 'c'.repeat(64),
  facts: {
    night: '2026-11-21',
    agent: 'doc.frontmatter@1.0.0',
    runtime: 'd'.repeat(64),
    inputs: [{ unit: '_spec', node: 'plan.validate', digest: 'e'.repeat(64) }],
  },
  files,
  manifest: '',
});

const work: BundleFiles = {
  'input.json': JSON.stringify({
    spec: { title: 'Tidy the notes', acceptance: ['Every note has a title'] },
    unit: { paths: ['docs/a.md'] },
    inputs: { 'plan.validate': {} },
  }),
  'tool_calls.jsonl': [
    {
      step: 1,
      name: 'read_file',
      args: { path: 'docs/b.md' },
      error: { code: 'denied', reason: 'outside the scope' },
    },
    { step: 2, name: 'set_frontmatter', args: { path: 'docs/a.md' }, result: { changed: true } },
  ]
    .map((call) => `${JSON.stringify(call)}\n`)
    .join(''),
  'output.json': JSON.stringify({
    status: 'ok',
    notes: 'Set the title.',
    result: { title: 'A' },
    stats: { files: 1, insertions: 3, deletions: 0 },
  }),
  'diff.patch': 'diff --git a/docs/a.md b/docs/a.md\n@@ -0,0 +1 @@\n+title: A\n',
  'tests.log': 'ok 1 - has a title\n',
  'metrics.json': '{"ms":12.5,"steps":2}',
};

test('a working node, as a person reads it', (t) => {
  t.is(
    showBundle(bundle(work)),
    `tidy/note-1/doc  ok
night 2026-11-21, doc.frontmatter@1.0.0, runtime dddddddddddd

Task: Tidy the notes
  - Every note has a title
  Writes docs/a.md
  Built on plan.validate

Tool calls: 2
  1. read_file {"path":"docs/b.md"}
    denied: outside the scope
  2. set_frontmatter {"path":"docs/a.md"}
    -> {"changed":true}

Answer: ok
  Set the title.
  {
    "title": "A"
  }

Patch: 1 file, +3 -0
  diff --git a/docs/a.md b/docs/a.md
  @@ -0,0 +1 @@
  +title: A

Tests
  ok 1 - has a title

Metrics
  ms 12.5, steps 2

Bundle
  identity ${'c'.repeat(64)}
  from _spec/plan.validate eeeeeeeeeeee
  input.json 136 B, tool_calls.jsonl 203 B, output.json 112 B, diff.patch 59 B, tests.log 19 B, metrics.json 21 B
`,
  );
});

const says = test.macro((t, files: BundleFiles, ...lines: readonly string[]) => {
  const shown = showBundle(bundle(files)).split('\n');
  for (const line of lines) t.true(shown.includes(line), `${line}\nnot in\n${shown.join('\n')}`);
});

each(says, {
  'a failure first, with what to do': [
    {
      'error.json':
        '{"code":"steps","message":"12 steps, no end","advice":"split the spec","step":12}',
    },
    'tidy/note-1/doc  failed',
    'Failure: steps at step 12',
    '  12 steps, no end',
    '  What to do: split the spec',
  ],
  'an answer that says fail': [
    { 'output.json': '{"status":"fail","notes":"no rule for it"}' },
    'tidy/note-1/doc  failed',
    'Answer: fail',
    '  no rule for it',
  ],
  'a verdict with its findings': [
    {
      'output.json': '{"status":"ok","notes":"","result":{"verdict":"reject","findings":["x"]}}',
      'review.json': JSON.stringify({
        verdict: 'reject',
        findings: ['The tag is lost'],
        patchDigest: 'f'.repeat(64),
      }),
    },
    'Verdict: reject',
    '  - The tag is lost',
    '  on patch ffffffffffff',
  ],
  'the end of a long log': [
    { 'tests.log': Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n') },
    '  … 60 lines before',
    '  line 60',
    '  line 99',
  ],
  'the start of a long patch': [{ 'diff.patch': '+x\n'.repeat(100) }, '  … 60 more'],
});

const answers = {
  startedAt: Date.parse('2026-11-21T02:00:00Z') + 0.25,
  steps: 2,
  runtime: {
    engine: 'vllm',
    version: '0.32.0',
    model: 'Qwen/Qwen3-8B',
    modelDigest: '0123456789abcdef',
    adapter: 'review@3',
    adapterDigest: 'fedcba9876543210',
    origin: 'unix-socket',
    temperature: 0.7,
  },
  completions: [
    {
      step: 1,
      startedAt: 1,
      promptTokens: 900,
      cachedTokens: 800,
      completionTokens: 20,
      queuedMs: 2,
      firstTokenMs: 40.123,
      totalMs: 300.5,
      finish: 'stop',
      seed: 7,
    },
    {
      step: 2,
      promptTokens: 9,
      cachedTokens: 0,
      completionTokens: 7,
      totalMs: 3,
      finish: 'length',
    },
    { step: 3, totalMs: 120_000, finish: 'error', fault: 'engine' },
  ],
  toolTimes: [],
  dropped: [{ pointer: '/properties/name', keyword: 'pattern' }],
};
test(
  'what a model answered, and what it cost',
  says,
  { 'metrics.json': JSON.stringify(answers) },
  'Model: engine vllm, version 0.32.0, model Qwen/Qwen3-8B, modelDigest 0123456789ab, adapter review@3, adapterDigest fedcba987654, origin unix-socket, temperature 0.7',
  '  step 1, startedAt 1970-01-01T00:00:00.001Z, promptTokens 900, cachedTokens 800, completionTokens 20, queuedMs 2, firstTokenMs 40.123, totalMs 300.5, finish stop, seed 7',
  '  step 2, promptTokens 9, cachedTokens 0, completionTokens 7, totalMs 3, finish length',
  '  step 3, totalMs 120000, finish error, fault engine',
  '  dropped: pointer /properties/name, keyword pattern',
  '  startedAt 2026-11-21T02:00:00.000Z, steps 2',
);

const hostile = '\u001b]0;owned\u0007\u001b[2Jevil\r\b\u0000\u202edlrow\u2028\u009b31m';

test('nothing that a model or a repository wrote reaches the terminal as a control', (t) => {
  const files: BundleFiles = {
    'input.json': JSON.stringify({
      spec: { title: hostile, acceptance: [hostile] },
      unit: { paths: [hostile] },
      inputs: { [hostile]: {} },
    }),
    'tool_calls.jsonl': `${JSON.stringify({ step: hostile, name: hostile, args: { [hostile]: 1 }, error: { code: hostile, reason: hostile } })}\n${hostile}\n`,
    'output.json': JSON.stringify({
      status: hostile,
      notes: hostile,
      result: { [hostile]: hostile },
    }),
    'review.json': JSON.stringify({ verdict: hostile, findings: [hostile], patchDigest: hostile }),
    'diff.patch': hostile,
    'tests.log': hostile,
    'metrics.json': JSON.stringify({
      [hostile]: hostile,
      startedAt: hostile,
      runtime: {
        engine: hostile,
        model: hostile,
        origin: hostile,
        adapter: hostile,
        modelDigest: hostile,
      },
      completions: [
        { step: hostile, fault: hostile, finish: 'error', totalMs: hostile },
        { cachedTokens: hostile, promptTokens: hostile, firstTokenMs: hostile, fault: hostile },
        hostile,
      ],
      dropped: [hostile, { pointer: hostile, keyword: hostile }],
    }),
    'error.json': JSON.stringify({ code: hostile, message: hostile, advice: hostile }),
  };
  t.notRegex(showBundle(bundle(files)), /(?!\n)\p{Cc}|[\u2028\u202e]/u);
});

test('a bundle of broken files is shown as far as it goes', (t) => {
  const broken = '{"half":';
  const files = {
    'input.json': broken,
    'tool_calls.jsonl': broken,
    'output.json': '[]',
    'error.json': broken,
    'metrics.json': 'null',
  };
  t.true(showBundle(bundle(files)).startsWith('tidy/note-1/doc  failed\n'));
  t.true(showBundle(bundle({})).includes('identity'));
  const odd = { runtime: 7, completions: { a: 1 }, dropped: 'x', startedAt: 1e300 };
  const shown = showBundle(bundle({ 'metrics.json': JSON.stringify(odd) }));
  t.true(shown.includes('runtime 7, dropped x, startedAt 1e+300'));
});

test('colour is added only when asked for', (t) => {
  const coloured = showBundle(bundle(work), { color: true });
  t.true(coloured.includes('\u001b[32m+title: A'));
  t.false(showBundle(bundle(work)).includes('\u001b'));
});
