// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { BundleFiles } from '../../src/trace/bundle.ts';
import { compareOutputs, type FileDifference } from '../../src/trace/compare-outputs.ts';
import { each } from '../each.ts';

const gives = test.macro(
  (t, recorded: BundleFiles, fresh: BundleFiles, expected: readonly FileDifference[]) => {
    t.deepEqual(compareOutputs(recorded, fresh), expected);
  },
);

const metrics = (values: object): BundleFiles => ({ 'metrics.json': JSON.stringify(values) });
const differs = (file: FileDifference['file'], at: string): readonly FileDifference[] => [
  { file, how: 'differs', at },
];

each(gives, {
  'two empty bundles': [{}, {}, []],
  'the same text': [{ 'diff.patch': 'a' }, { 'diff.patch': 'a' }, []],
  'a patch that differs': [
    { 'diff.patch': 'a\nb\n' },
    { 'diff.patch': 'a\nc\n' },
    [{ file: 'diff.patch', how: 'differs', at: 'line 2' }],
  ],
  'a file gone and one more': [
    { 'diff.patch': '' },
    { 'error.json': '{}' },
    [
      { file: 'diff.patch', how: 'missing' },
      { file: 'error.json', how: 'added' },
    ],
  ],
  'times and cache hits': [
    metrics({ steps: 2, ms: 1.5, engineMs: 3, cachedTokens: 0 }),
    metrics({ steps: 2, ms: 9, engineMs: 7, cachedTokens: 512 }),
    [],
  ],
});
const answered = (more: object) => ({
  runtime: { engine: 'vllm', origin: 'unix-socket' },
  completions: [{ step: 1, startedAt: 1, promptTokens: 9, cachedTokens: 0, totalMs: 2, ...more }],
  toolTimes: [{ step: 1, startedAt: 1, totalMs: 2 }],
});

each(gives, {
  'times and cache hits of an answer': [
    metrics({ ...answered({}), startedAt: 5 }),
    metrics({
      ...answered({ startedAt: 7, cachedTokens: 8, totalMs: 9, firstTokenMs: 1 }),
      runtime: { engine: 'vllm', origin: 'loopback' },
      toolTimes: [{ step: 1, startedAt: 7, totalMs: 9 }],
      startedAt: 6,
    }),
    [],
  ],
  'tokens of an answer': [
    metrics(answered({})),
    metrics(answered({ promptTokens: 10 })),
    differs('metrics.json', 'completions.0.promptTokens'),
  ],
  'another engine': [
    metrics(answered({})),
    metrics({ ...answered({}), runtime: { engine: 'ollama', origin: 'unix-socket' } }),
    differs('metrics.json', 'runtime.engine'),
  ],
  'a time on one side only': [metrics({ ms: 1 }), metrics({}), []],
  'a count': [
    metrics({ steps: 2, ms: 1 }),
    metrics({ steps: 3, ms: 1 }),
    differs('metrics.json', 'steps'),
  ],
  'a time that is no number': [
    metrics({ ms: 'x' }),
    metrics({ ms: 'y' }),
    differs('metrics.json', 'ms'),
  ],
  'key order and white space': [
    { 'output.json': '{"a":1,"b":[1,2]}' },
    { 'output.json': '{ "b": [1, 2], "a": 1 }\n' },
    [],
  ],
  'deep inside': [
    { 'output.json': '{"result":{"tags":["a","b"]}}' },
    { 'output.json': '{"result":{"tags":["a","c"]}}' },
    differs('output.json', 'result.tags.1'),
  ],
  'a result named ms counts': [
    { 'output.json': '{"metrics":{"ms":1},"result":{"ms":1}}' },
    { 'output.json': '{"metrics":{"ms":2},"result":{"ms":2}}' },
    differs('output.json', 'result.ms'),
  ],
  'a list for a record': [
    { 'output.json': '[]' },
    { 'output.json': '{}' },
    differs('output.json', 'the whole value'),
  ],
  'null for nothing': [
    { 'output.json': '{"a":null}' },
    { 'output.json': '{}' },
    differs('output.json', 'a'),
  ],
  'not JSON': [
    { 'output.json': '{"a":' },
    { 'output.json': '{}' },
    differs('output.json', 'not JSON'),
  ],
  'one call among several': [
    { 'tool_calls.jsonl': '{"name":"a","args":{}}\n{"name":"b","args":{"path":"x"}}\n' },
    { 'tool_calls.jsonl': '{"args":{},"name":"a"}\n{"name":"b","args":{"path":"y"}}\n' },
    differs('tool_calls.jsonl', 'line 2: args.path'),
  ],
  'a call more': [
    { 'tool_calls.jsonl': '{}\n' },
    { 'tool_calls.jsonl': '{}\n{}\n' },
    differs('tool_calls.jsonl', 'line 2'),
  ],
  'durations in a log': [
    { 'tests.log': 'ok 1 - adds # time=3.2ms\n  duration_ms: 12.5\n2 tests passed (1.2s)' },
    { 'tests.log': 'ok 1 - adds # time=9ms\n  duration_ms: 0.5\n2 tests passed (35ms)' },
    [],
  ],
  'tests that ended in another order': [
    { 'tests.log': 'TAP\nok 1 - adds\nok 2 - takes away\n1..2' },
    { 'tests.log': 'TAP\nok 1 - takes away\nok 2 - adds\n1..2' },
    [],
  ],
  'a test that another one took the place of': [
    { 'tests.log': 'TAP\nok 1 - adds\nok 2 - takes away' },
    { 'tests.log': 'TAP\nok 1 - takes away\nok 2 - takes away' },
    differs('tests.log', 'line 2'),
  ],
  'a test more': [
    { 'tests.log': 'TAP\nok 1 - adds' },
    { 'tests.log': 'TAP\nok 1 - adds\nok 2 - adds' },
    differs('tests.log', 'line 3'),
  ],
  'a test that fails': [
    { 'tests.log': 'ok 1 - adds (3ms)' },
    { 'tests.log': 'not ok 1 - adds (3ms)' },
    differs('tests.log', 'line 1'),
  ],
});
