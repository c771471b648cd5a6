// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { ModulesFolder } from '../../src/boundary/dependencies.ts';
import type { Execution } from '../../src/boundary/executor.ts';
import type { RunOnTree } from '../../src/tool/run-on-tree.ts';
import { describeEnd } from '../../src/tool/spec-checks.ts';
import type { RunnerCall, RunnerName } from '../../src/tool/tests/runners.ts';
import type { Step } from '../../src/tool/tests/steps.ts';
import { readGoJson } from './reports/go-json.ts';
import { readJestJson } from './reports/jest-json.ts';
import { readJUnit } from './reports/junit.ts';
import { noReport, oneLine, type Report } from './reports/report.ts';
import { readTap } from './reports/tap.ts';

/** How one command of a test script ended. */
export type StepRun = {
  readonly report: Report;
  /** Whether its report was read; without one its exit code alone says how it ended. */
  readonly counted: boolean;
  /** Why it is not green although no test says so by its name. */
  readonly fault?: string;
  /** Its program is not on this machine. */
  readonly missing?: true;
  readonly log: string;
};

/** More than this of a report is no longer read, and so is red. */
const maxOutput = 8 * 1024 * 1024;

type Means = {
  readonly run: RunOnTree;
  readonly folder: string;
  readonly modules: readonly ModulesFolder[];
  readonly timeoutMs: number;
};

/** Runs one command on a tree. @throws SandboxFault */
export const runStep = async (
  { command, call }: Step,
  { run, folder, modules, timeoutMs }: Means,
): Promise<StepRun> => {
  const bins = modules.map((one) =>
    posix.join(posix.relative(folder, one.folder), 'node_modules/.bin'),
  );
  const execution = await run({
    argv: ['sh', '-c', script(command, call), 'sh', ...bins],
    folder,
    modules,
    // Runners then neither watch nor write snapshots, and take a fixed number of workers.
    env: { CI: 'true', NO_COLOR: '1', GOPROXY: 'off', GOTOOLCHAIN: 'local' },
    timeoutMs,
    maxOutput,
  });
  const { stdout, stderr } = execution;
  const end = describeEnd(execution, timeoutMs);
  const shown = call ? shownCommand(call) : command;
  const log = `# ${folder || 'top of the repository'}: ${shown}\n${stdout}${stderr}[${end}]\n`;
  const runner = call?.runner;
  // The shell's own code for a program that it does not find.
  if (execution.code === 127) return { report: noReport, counted: false, missing: true, log };
  const isEmpty = stdout === '' && isWithoutTests(runner, stderr);
  // A program that node runs need have no tests of node:test.
  const counted = runner !== undefined && (stdout !== '' || runner !== 'node:test');
  const report = counted && !isEmpty ? readers[runner](stdout) : noReport;
  const fault = judge(execution, { runner, report, counted, shown, timeoutMs });
  return { report, counted, log, ...(fault !== undefined && { fault }) };
};

/** These two then write no report. */
const isWithoutTests = (runner: RunnerName | undefined, stderr: string): boolean =>
  (runner === 'mocha' && /^Error: No test files found/m.test(stderr)) ||
  (runner === 'jest' && /^No tests found, exiting with code 1$/m.test(stderr));

type Reporting = {
  /** Words behind the one that starts the runner, or at the end of the call. */
  readonly flags: string;
  readonly first?: true;
  /** What says with 0 that the program is there. */
  readonly probe?: string;
};

const toFile = '"$REPORT"';

/** How each is asked for its report: on stdout, or where `$REPORT` says. */
const reporting: Readonly<Record<RunnerName, Reporting>> = {
  ava: { flags: '--tap' },
  vitest: { flags: `--run --reporter=json --outputFile.json=${toFile}` },
  jest: { flags: `--json --outputFile=${toFile}` },
  mocha: { flags: `--reporter xunit --reporter-option output=${toFile}` },
  'node:test': {
    flags: `--test-reporter=junit --test-reporter-destination=${toFile}`,
    first: true,
  },
  pytest: { flags: `--junit-xml=${toFile}`, probe: 'python3 -c "import pytest"' },
  go: { flags: '-json', probe: 'go version' },
};

const readers: Readonly<Record<RunnerName, (text: string) => Report>> = {
  ava: readTap,
  vitest: readJestJson,
  jest: readJestJson,
  mocha: readJUnit,
  'node:test': readJUnit,
  pytest: readJUnit,
  go: readGoJson,
};

/** The call with its flags, as a shell reads it. */
const withFlags = ({ runner, words, at }: RunnerCall): string => {
  const { flags, first } = reporting[runner];
  const place = first ? at + 1 : runner === 'go' ? at + 2 : words.length;
  return [...words.slice(0, place), flags, ...words.slice(place)].join(' ');
};

const shownCommand = (call: RunnerCall): string =>
  withFlags(call).replaceAll(/ \S*(?:output\w*|junit-xml|destination)\S*="\$REPORT"/gi, '');

/**
 * The report is all that comes on stdout. `node_modules/.bin` of the package comes before the system's
 * programs, as npm has it; the Go of its own installer is in no PATH.
 */
const script = (command: string, call: RunnerCall | undefined): string => {
  const probe = call && reporting[call.runner].probe;
  const toStdout = call && !withFlags(call).includes(toFile);
  return [
    'for folder; do bins="$bins$PWD/$folder:"; done',
    'export PATH="$bins$PATH:/usr/local/go/bin"',
    ...(probe ? [`${probe} >/dev/null 2>&1 || exit 127`] : []),
    'REPORT=$(mktemp -d)/report',
    `{ ${call ? withFlags(call) : command}\n}${toStdout ? '' : ' >&2'}`,
    'code=$?',
    'cat "$REPORT" 2>/dev/null',
    'exit $code',
  ].join('\n');
};

const titles: Readonly<Record<RunnerName, string>> = {
  ava: 'AVA',
  vitest: 'vitest',
  jest: 'jest',
  mocha: 'mocha',
  'node:test': 'node --test',
  pytest: 'pytest',
  go: 'go test',
};

/** Green takes both: the exit code, which a test's output cannot forge, and a whole report. */
const judge = (
  execution: Execution,
  {
    runner,
    report,
    counted,
    shown,
    timeoutMs,
  }: {
    readonly runner: RunnerName | undefined;
    readonly report: Report;
    readonly counted: boolean;
    readonly shown: string;
    readonly timeoutMs: number;
  },
): string | undefined => {
  const { code, timedOut, stopped, truncated, stderr } = execution;
  if (timedOut) return `the tests were ${describeEnd(execution, timeoutMs)}: one of them hangs`;
  if (stopped !== undefined) return `the tests were stopped: ${stopped}`;
  if (code === undefined) return 'the tests were stopped';
  if (truncated) return `the tests printed more than ${maxOutput} bytes`;
  if (!counted) {
    return code === 0 ? undefined : `\`${shown}\` ended with exit code ${code}${reasonIn(stderr)}`;
  }
  const title = runner === undefined ? shown : titles[runner];
  if (report.broken !== undefined && report.failed.length === 0)
    return `${title} ended before its report was complete (exit code ${code})${why(stderr) || reasonIn(stderr)}`;
  const isEmpty = report.passed + report.skipped + report.todo === 0;
  if (code !== 0 && report.failed.length === 0 && !isEmpty)
    return `${title} ended with exit code ${code} although its report contains no failure`;
  return undefined;
};

/** The first line that speaks of an error, or the last one. */
const reasonIn = (stderr: string): string => {
  const lines = stderr.trimEnd().split('\n');
  const line = oneLine(lines.find((one) => /\w*Error\b/.test(one)) ?? lines.at(-1) ?? '');
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
};

/** AVA 8.0's TAP reporter itself fails where it should report these two. */
const why = (stderr: string): string => {
  if (/TapReporter\.writeTimeout/.test(stderr)) {
    return ": a test hangs, none ended within AVA's own timeout (10 s unless configured)";
  }
  return /TapReporter\.writeProcessExit/.test(stderr) ? ': a test calls process.exit()' : '';
};
