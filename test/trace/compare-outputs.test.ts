// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import type { BundleFiles } from '../../src/trace/bundle.ts';
import { compareOutputs, type FileDifference } from '../../src/trace/compare-outputs.ts';

const gives = test.macro(
  (t, recorded: BundleFiles, fresh: BundleFiles, expected: readonly FileDifference[]) => {
    t.deepEqual(compareOutputs(recorded, fresh), expected);
  },
);

const metrics = (values: object): BundleFiles => ({ 'metrics.json': JSON.stringify(values) });
const differs = (file: FileDifference['file'], at: string): readonly FileDifference[] => [
  { file, how: 'differs', at },
];

test('two empty bundles', gives, {}, {}, []);
test('the same text', gives, { 'diff.patch': 'a' }, { 'diff.patch': 'a' }, []);
test('a patch that differs', gives, { 'diff.patch': 'a\nb\n' }, { 'diff.patch': 'a\nc\n' }, [
  { file: 'diff.patch', how: 'differs', at: 'line 2' },
]);
test('a file gone and one more', gives, { 'diff.patch': '' }, { 'error.json': '{}' }, [
  { file: 'diff.patch', how: 'missing' },
  { file: 'error.json', how: 'added' },
]);
test(
  'times and cache hits',
  gives,
  metrics({ steps: 2, ms: 1.5, engineMs: 3, cachedTokens: 0 }),
  metrics({ steps: 2, ms: 9, engineMs: 7, cachedTokens: 512 }),
  [],
);
const answered = (more: object) => ({
  runtime: { engine: 'vllm', origin: 'unix-socket' },
  completions: [{ step: 1, startedAt: 1, promptTokens: 9, cachedTokens: 0, totalMs: 2, ...more }],
  toolTimes: [{ step: 1, startedAt: 1, totalMs: 2 }],
});
test(
  'times and cache hits of an answer',
  gives,
  metrics({ ...answered({}), startedAt: 5 }),
  metrics({
    ...answered({ startedAt: 7, cachedTokens: 8, totalMs: 9, firstTokenMs: 1 }),
    runtime: { engine: 'vllm', origin: 'loopback' },
    toolTimes: [{ step: 1, startedAt: 7, totalMs: 9 }],
    startedAt: 6,
  }),
  [],
);
test(
  'tokens of an answer',
  gives,
  metrics(answered({})),
  metrics(answered({ promptTokens: 10 })),
  differs('metrics.json', 'completions.0.promptTokens'),
);
test(
  'another engine',
  gives,
  metrics(answered({})),
  metrics({ ...answered({}), runtime: { engine: 'ollama', origin: 'unix-socket' } }),
  differs('metrics.json', 'runtime.engine'),
);
test('a time on one side only', gives, metrics({ ms: 1 }), metrics({}), []);
test(
  'a count',
  gives,
  metrics({ steps: 2, ms: 1 }),
  metrics({ steps: 3, ms: 1 }),
  differs('metrics.json', 'steps'),
);
test(
  'a time that is no number',
  gives,
  metrics({ ms: 'x' }),
  metrics({ ms: 'y' }),
  differs('metrics.json', 'ms'),
);
test(
  'key order and white space',
  gives,
  { 'output.json': '{"a":1,"b":[1,2]}' },
  { 'output.json': '{ "b": [1, 2], "a": 1 }\n' },
  [],
);
test(
  'deep inside',
  gives,
  { 'output.json': '{"result":{"tags":["a","b"]}}' },
  { 'output.json': '{"result":{"tags":["a","c"]}}' },
  differs('output.json', 'result.tags.1'),
);
test(
  'a result named ms counts',
  gives,
  { 'output.json': '{"metrics":{"ms":1},"result":{"ms":1}}' },
  { 'output.json': '{"metrics":{"ms":2},"result":{"ms":2}}' },
  differs('output.json', 'result.ms'),
);
test(
  'a list for a record',
  gives,
  { 'output.json': '[]' },
  { 'output.json': '{}' },
  differs('output.json', 'the whole value'),
);
test(
  'null for nothing',
  gives,
  { 'output.json': '{"a":null}' },
  { 'output.json': '{}' },
  differs('output.json', 'a'),
);
test(
  'not JSON',
  gives,
  { 'output.json': '{"a":' },
  { 'output.json': '{}' },
  differs('output.json', 'not JSON'),
);
test(
  'one call among several',
  gives,
  { 'tool_calls.jsonl': '{"name":"a","args":{}}\n{"name":"b","args":{"path":"x"}}\n' },
  { 'tool_calls.jsonl': '{"args":{},"name":"a"}\n{"name":"b","args":{"path":"y"}}\n' },
  differs('tool_calls.jsonl', 'line 2: args.path'),
);
test(
  'a call more',
  gives,
  { 'tool_calls.jsonl': '{}\n' },
  { 'tool_calls.jsonl': '{}\n{}\n' },
  differs('tool_calls.jsonl', 'line 2'),
);
test(
  'durations in a log',
  gives,
  { 'tests.log': 'ok 1 - adds # time=3.2ms\n  duration_ms: 12.5\n2 tests passed (1.2s)' },
  { 'tests.log': 'ok 1 - adds # time=9ms\n  duration_ms: 0.5\n2 tests passed (35ms)' },
  [],
);
test(
  'tests that ended in another order',
  gives,
  { 'tests.log': 'TAP\nok 1 - adds\nok 2 - takes away\n1..2' },
  { 'tests.log': 'TAP\nok 1 - takes away\nok 2 - adds\n1..2' },
  [],
);
test(
  'a test that another one took the place of',
  gives,
  { 'tests.log': 'TAP\nok 1 - adds\nok 2 - takes away' },
  { 'tests.log': 'TAP\nok 1 - takes away\nok 2 - takes away' },
  differs('tests.log', 'line 2'),
);
test(
  'a test more',
  gives,
  { 'tests.log': 'TAP\nok 1 - adds' },
  { 'tests.log': 'TAP\nok 1 - adds\nok 2 - adds' },
  differs('tests.log', 'line 3'),
);
test(
  'a test that fails',
  gives,
  { 'tests.log': 'ok 1 - adds (3ms)' },
  { 'tests.log': 'not ok 1 - adds (3ms)' },
  differs('tests.log', 'line 1'),
);
