// SPDX-License-Identifier: GPL-3.0-only
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
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
import { extendLedger, readLedger, readWindow } from '../../../src/review/kappa/ledger.ts';
import type { ExamResult, Pair } from '../../../src/review/schema.ts';

const { kappa } = gateSchema.parse({});

const stateFolder = async (t: ExecutionContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'pantheon-ledger-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return join(folder, 'state');
};

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
  const window = await readWindow(folder, ['a', 'b'], kappa);
  t.is(window.length, kappa.window);
  t.is(window[0]?.unit, '6');
  t.deepEqual(window.at(-1)?.verdicts, ['approve', 'reject']);
  t.is((await readWindow(folder, ['x', 'y'], kappa)).length, 0);
});

test("the exam's pairs stand beside the live ones, and do not drown them", async (t) => {
  const folder = await stateFolder(t);
  const exam = (night: string, spec: string) =>
    Array.from({ length: 200 }, (_, index) =>
      live(`${index}`, { source: 'exam', night, spec, verdicts: ['reject', 'reject'] }),
    );
  await extendLedger(folder, [...exam('seed-1', 'docs'), ...exam('seed-2', 'docs')]);
  await extendLedger(folder, [...exam('seed-1', 'code'), live('1'), live('2')]);
  const window = await readWindow(folder, ['a', 'b'], kappa);
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

test('a whole last line without its end counts', async (t) => {
  const folder = await stateFolder(t);
  await extendLedger(folder, [live('1')]);
  await appendFile(join(folder, 'ledger.jsonl'), JSON.stringify(live('2')));
  t.is((await readLedger(folder)).length, 2);
  await extendLedger(folder, [live('2'), live('3')]);
  t.is((await readFile(join(folder, 'ledger.jsonl'), 'utf8')).trimEnd().split('\n').length, 3);
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
