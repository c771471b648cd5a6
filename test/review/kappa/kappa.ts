// SPDX-License-Identifier: GPL-3.0-only

import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { gateSchema } from '../../../src/config/schema.ts';
import { UserError } from '../../../src/data/user-error.ts';
import {
  latestExamResult,
  readExamResults,
  recordExamResults,
} from '../../../src/review/exam/stored-results.ts';
import { agreementOf, type Verdicts } from '../../../src/review/kappa/agreement.ts';
import {
  examPairsOf,
  extendLedger,
  type RuntimePair,
  readLedger,
  readPairsBefore,
  windowOf,
} from '../../../src/review/kappa/ledger.ts';
import { formatStanding, standingOf } from '../../../src/review/kappa/reviewer-standing.ts';
import type { ExamResult, Pair, Standing } from '../../../src/review/schema.ts';

/** Counts of: both approve, only the first, only the second, neither. */
type Table = readonly [number, number, number, number];

const pairsOf = ([both, first, second, neither]: Table): readonly Verdicts[] => [
  ...Array.from({ length: both }, () => ['approve', 'approve'] as const),
  ...Array.from({ length: first }, () => ['approve', 'reject'] as const),
  ...Array.from({ length: second }, () => ['reject', 'approve'] as const),
  ...Array.from({ length: neither }, () => ['reject', 'reject'] as const),
];

const agrees = test.macro(
  (
    t,
    table: Table,
    kappa: number | undefined,
    ac1: number | undefined,
    raw: number | undefined,
  ) => {
    const close = (actual: number | undefined, expected: number | undefined) =>
      expected === undefined || actual === undefined
        ? t.is(actual, expected)
        : t.true(Math.abs(actual - expected) < 5e-4, `${actual} is not ${expected}`);
    const agreement = agreementOf(pairsOf(table));
    close(agreement.kappa, kappa);
    close(agreement.ac1, ac1);
    close(agreement.raw, raw);
  },
);

// https://en.wikipedia.org/wiki/Cohen%27s_kappa, its worked examples
test('the textbook example', agrees, [20, 5, 10, 15], 0.4, 0.4059, 0.7);
test('the same agreement, other margins', agrees, [45, 15, 25, 15], 0.1304, 0.2661, 0.6);
test('always of one mind', agrees, [10, 0, 0, 10], 1, 1, 1);
test('always of two minds', agrees, [0, 10, 10, 0], -1, -1, 0);
test('49 joint approvals and one split', agrees, [49, 1, 0, 0], 0, 0.9796, 0.98);
test('both always approve', agrees, [30, 0, 0, 0], undefined, 1, 1);
test('both always reject', agrees, [0, 0, 0, 7], undefined, 1, 1);
test('one always approves, the other never', agrees, [0, 9, 0, 0], 0, -1, 0);
test('no pairs', agrees, [0, 0, 0, 0], undefined, undefined, undefined);

const gate = gateSchema.parse({});

const ledger = (table: Table, source: Pair['source'] = 'live'): readonly Pair[] =>
  pairsOf(table).map((verdicts, index) => ({
    source,
    night: 'n',
    spec: 's',
    unit: `${source}-${index}`,
    runtimes: ['a', 'b'],
    verdicts: [...verdicts],
  }));

const stands = test.macro((t, live: Table, exam: Table, state: Standing['state']) => {
  const standing = standingOf([...ledger(exam, 'exam'), ...ledger(live)], gate);
  t.is(standing.state, state, formatStanding(standing));
  t.is(
    standing.live.pairs,
    live.reduce((sum, count) => sum + count, 0),
  );
});

test('agreement is ok', stands, [20, 1, 0, 9], [0, 0, 0, 0], 'ok');
test('below the alert line', stands, [15, 3, 4, 8], [0, 0, 0, 0], 'alert');
test('below the halt line', stands, [15, 5, 5, 5], [0, 0, 0, 0], 'halt');
test('too few never halt', stands, [0, 10, 9, 0], [0, 0, 0, 0], 'too-few');
test('one answer over enough pairs halts', stands, [20, 0, 0, 0], [0, 0, 0, 0], 'halt');
test('a lone split among approvals', stands, [49, 1, 0, 0], [25, 0, 0, 25], 'ok');
test('live collapse shows beside a clean exam', stands, [0, 25, 25, 0], [25, 0, 0, 25], 'halt');

const { kappa } = gateSchema.parse({});

const stateFolder = async (t: ExecutionContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-ledger-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return join(folder, 'state');
};

const readWindow = async (folder: string, runtimes: RuntimePair) =>
  windowOf(await readPairsBefore(folder, 'tonight'), runtimes, kappa);

const live = (unit: string, more: Partial<Pair> = {}): Pair => ({
  source: 'live',
  night: 'n1',
  spec: 's',
  unit,
  runtimes: ['a', 'b'],
  verdicts: ['approve', 'reject'],
  ...more,
});

test('an absent ledger is empty', async (t) => {
  t.deepEqual(await readLedger(await stateFolder(t)), []);
});

test('a night extends it once, however often it publishes', async (t) => {
  const folder = await stateFolder(t);
  t.is(await extendLedger(folder, [live('1'), live('2'), live('1')]), 2);
  t.is(await extendLedger(folder, [live('1'), live('2'), live('3')]), 1);
  t.is(await extendLedger(folder, [live('1', { night: 'n2' })]), 1);
  t.deepEqual(
    (await readLedger(folder)).map(({ night, unit }) => `${night} ${unit}`),
    ['n1 1', 'n1 2', 'n1 3', 'n2 1'],
  );
});

test('the window is the last live pairs of this pair of reviewers, either way round', async (t) => {
  const folder = await stateFolder(t);
  await extendLedger(folder, [
    ...Array.from({ length: kappa.window + 5 }, (_, index) => live(`${index}`)),
    live('others', { runtimes: ['a', 'c'] }),
    live('turned', { runtimes: ['b', 'a'], verdicts: ['reject', 'approve'] }),
  ]);
  const window = await readWindow(folder, ['a', 'b']);
  t.is(window.length, kappa.window);
  t.is(window[0]?.unit, '6');
  t.deepEqual(window.at(-1)?.verdicts, ['approve', 'reject']);
  t.is((await readWindow(folder, ['x', 'y'])).length, 0);
});

test("the exam's pairs stand beside the live ones, and do not drown them", async (t) => {
  const folder = await stateFolder(t);
  const exam = (night: string, spec: string) =>
    Array.from({ length: 200 }, (_, index) =>
      live(`${index}`, { source: 'exam', night, spec, verdicts: ['reject', 'reject'] }),
    );
  await extendLedger(folder, [...exam('seed-1', 'docs'), ...exam('seed-2', 'docs')]);
  await extendLedger(folder, [...exam('seed-1', 'code'), live('1'), live('2')]);
  const window = await readWindow(folder, ['a', 'b']);
  const kinds = Map.groupBy(window, ({ source, night, spec }) => `${source} ${night} ${spec}`);
  t.deepEqual(
    [...kinds].map(([kind, pairs]) => [kind, pairs.length]),
    [
      ['exam seed-2 docs', kappa.window / 2],
      ['exam seed-1 code', kappa.window / 2],
      ['live n1 s', 2],
    ],
  );
});

const hidden = (unit: string, more: Partial<Pair> = {}): Pair =>
  live(unit, { source: 'hidden', spec: 'docs', truth: 'bad', ...more });

test('hidden patches stay beside the last exam, and those of tonight wait for the next night', async (t) => {
  const folder = await stateFolder(t);
  const exam = live('docs-bad-1', { source: 'exam', night: 'seed-1', spec: 'docs', truth: 'bad' });
  await extendLedger(folder, [
    exam,
    ...Array.from({ length: kappa.window + 3 }, (_, index) => hidden(`box/_exam-${index}`)),
    hidden('box/_exam-0', { night: 'tonight' }),
    live('1'),
    live('2', { night: 'tonight' }),
  ]);
  t.is(await extendLedger(folder, [hidden('box/_exam-1'), hidden('crate/_exam-1')]), 1);
  const pairs = await readPairsBefore(folder, 'tonight');
  const sourcesOf = (all: readonly Pair[]) =>
    [...Map.groupBy(all, ({ source }) => source)].map(([source, some]) => [source, some.length]);
  t.deepEqual(sourcesOf(windowOf(pairs, ['a', 'b'], kappa)), [
    ['exam', 1],
    ['hidden', kappa.window],
    ['live', 1],
  ]);
  t.deepEqual(sourcesOf(examPairsOf(pairs, ['a', 'b'])), [
    ['exam', 1],
    ['hidden', kappa.window + 4],
  ]);
  t.is(examPairsOf(await readPairsBefore(folder, 'another'), ['a', 'b']).length, kappa.window + 6);
});

test('a torn last line is left out, and cut off by the next write', async (t) => {
  const folder = await stateFolder(t);
  await extendLedger(folder, [live('1')]);
  await appendFile(
    join(folder, 'ledger.jsonl'),
    Buffer.from('{"source":"live","unit":"é').subarray(0, -1),
  );
  t.is((await readLedger(folder)).length, 1);
  await extendLedger(folder, [live('2')]);
  t.deepEqual(
    (await readLedger(folder)).map(({ unit }) => unit),
    ['1', '2'],
  );
});

test('a broken line elsewhere is named', async (t) => {
  const folder = await stateFolder(t);
  await extendLedger(folder, [live('1')]);
  await appendFile(join(folder, 'ledger.jsonl'), '{"source":"dead"}\n');
  await appendFile(join(folder, 'ledger.jsonl'), `${JSON.stringify(live('2'))}\n`);
  const error = await t.throwsAsync(readLedger(folder), { instanceOf: UserError });
  t.regex(error.message, /ledger\.jsonl:2: /);
});

test('exam results are kept by runtime and kind, the last one counts', async (t) => {
  const folder = await stateFolder(t);
  const result: ExamResult = {
    runtime: 'a',
    kind: 'docs',
    seed: 1,
    good: 100,
    bad: 100,
    falseApprovals: 5,
    falseRejections: 0,
    recall: 0.95,
    precision: 1,
  };
  await recordExamResults(folder, [result]);
  await recordExamResults(folder, [{ ...result, seed: 2 }]);
  const results = await readExamResults(folder);
  t.is(latestExamResult(results, 'a', 'docs')?.seed, 2);
  t.is(latestExamResult(results, 'a', 'code'), undefined);
  t.is(latestExamResult(results, 'b', 'docs'), undefined);
});
