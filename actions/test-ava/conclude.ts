// SPDX-License-Identifier: GPL-3.0-only
import type { CodeResult } from '../../src/agent/code-agent.ts';
import type { Failure } from '../../src/agent/schema.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import type { CheckResult } from '../../src/tool/spec-checks.ts';
import type { Judged } from './compare.ts';
import { nameOf, type PlaceRun } from './run-place.ts';

/** The tests of a place with the patch, and what of them counts for it. */
export type Tested = {
  readonly run: PlaceRun;
  readonly judged: Judged;
  readonly baseLog?: string;
};

export type Tests = {
  readonly tested: readonly Tested[];
  /** Why no tests ran at a place that has them, a line each. */
  readonly notes: readonly string[];
  /** Links of documents that were followed, where a sentence asks for it. */
  readonly links?: number;
  readonly failure?: Failure;
};

const maxLog = 256 * 1024;

/** The node's answer, from the tests and the spec's checks. */
export const conclude = (
  { tested, notes, links, failure }: Tests,
  checked: CheckResult,
  checks: number,
): CodeResult => {
  const packages = tested.map(({ run, judged }) => ({
    folder: run.folder,
    passed: run.passed,
    failed: judged.failed.length,
    skipped: run.skipped,
    todo: run.todo,
    failures: judged.failed.map(({ text }) => text),
    before: judged.before.map(({ text }) => text),
    counted: run.counted,
  }));
  const sum = (count: (one: (typeof packages)[number]) => number) =>
    packages.reduce((total, one) => total + count(one), 0);
  const totals = {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    todo: sum(({ todo }) => todo),
    failedBefore: sum(({ before }) => before.length),
  };
  const failedChecks = checked.failed.length;
  const ended = failure ?? checkFailure(checked);
  const said = [
    ...describe(tested),
    ...notes,
    ...(links === undefined ? [] : [`${countNoun(links, 'link')} followed`]),
    describeChecks(checks),
  ].join('; ');
  return {
    notes: ended?.message ?? `${said}.`,
    metrics: { ...totals, checksPassed: checks - failedChecks, checksFailed: failedChecks },
    result: {
      ...totals,
      packages,
      checks: { passed: checks - failedChecks, failed: failedChecks },
      ...(links !== undefined && { links }),
    },
    testsLog: [
      ...tested.flatMap(logsOf).map(shorten),
      ...notes.map((note) => `${note}\n`),
      checked.log,
    ].join('\n'),
    ...(ended && { failure: ended }),
  };
};

const checkFailure = ({ failed }: CheckResult): Failure | undefined =>
  failed[0] === undefined
    ? undefined
    : {
        code: 'tests',
        finding: 'test.check-failed',
        message: `the check failed: ${failed.join('; ')}`,
      };

const describe = (tested: readonly Tested[]): readonly string[] => {
  const ran = tested.filter(({ run }) => run.passed + run.failed.length > 0);
  const before = ran.flatMap(({ judged }) => judged.before);
  const counted = ran.filter(({ run }) => run.counted);
  const passed = counted.reduce((sum, { run }) => sum + run.passed, 0);
  const skipped = counted.reduce((sum, { run }) => sum + run.skipped, 0);
  const scripts = ran.filter(({ run }) => !run.counted);
  return [
    ...(counted.length > 0
      ? [
          `${countNoun(passed, 'test')} passed, ${skipped} skipped in ${countNoun(counted.length, 'package')}`,
        ]
      : []),
    ...(scripts.length > 0
      ? [`the test script of ${scripts.map(({ run }) => nameOf(run.folder)).join(', ')} passed`]
      : []),
    ...(before.length > 0 ? [failsBefore(before.map(({ text }) => text))] : []),
    ...(ran.length === 0 ? ['no tests ran'] : []),
  ];
};

/** What fails with the patch and without it. */
const failsBefore = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0
    ? `1 test fails without the patch too: ${first}`
    : `${more.length + 1} tests fail without the patch too: ${first}, and others`;

const describeChecks = (checks: number): string =>
  checks === 0 ? 'the spec has no checks' : `${countNoun(checks, 'check')} passed`;

const logsOf = ({ run, judged, baseLog }: Tested): readonly string[] => [
  run.log,
  ...(baseLog === undefined ? [] : [`The same without the patch:\n${baseLog}`]),
  ...(judged.before.length === 0
    ? []
    : [
        `Fails without the patch too, and so does not count against it:\n${judged.before.map(({ text }) => `- ${text}\n`).join('')}`,
      ]),
];

const shorten = (log: string): string =>
  log.length <= maxLog
    ? log
    : `${log.slice(0, maxLog / 2)}\n[... ${log.length - maxLog} characters cut ...]\n${log.slice(-maxLog / 2)}`;
