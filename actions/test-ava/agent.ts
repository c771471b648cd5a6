// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext, CodeResult, RunCode } from '../../src/agent/code-agent.ts';
import type { Failure } from '../../src/agent/schema.ts';
import { SandboxFault } from '../../src/boundary/executor.ts';
import { countNoun } from '../../src/data/count-noun.ts';
import { durationSchema } from '../../src/flow/schema.ts';
import { onPatchedTree } from '../../src/tool/run-on-tree.ts';
import { type CheckResult, runSpecChecks } from '../../src/tool/spec-checks.ts';
import { findLostImports } from './lost-imports.ts';
import { type AvaPackage, findAvaPackages } from './packages.ts';
import { findAva, type PackageRun, runAva } from './run-ava.ts';

const defaultTimeoutMs = 300_000;
const maxLog = 256 * 1024;

/**
 * Runs the tests of the AVA packages that the patch concerns, looks anywhere in the tree for imports
 * that the patch leaves without their name, then runs the spec's checks; a node's
 * `with: {timeout: 90s}` bounds each command. Tests share their sandbox with the code under test,
 * so what it prints or exits with can be forged by a patch that means to; reviewers judge the patch.
 */
export const run: RunCode = async (context) => {
  const timeoutMs = readTimeout(context.input.with?.timeout);
  try {
    const packages = await findAvaPackages(context.overlay, context.input.unit.paths);
    const tested = await testPackages(context, packages, timeoutMs);
    const tests = tested.failure ? tested : { ...tested, ...(await importFailure(context)) };
    const { overlay, executor, dependencies, signal } = context;
    const { checks } = context.input.spec;
    const means = { overlay, executor, dependencies, signal, timeoutMs };
    const checked = await runSpecChecks({ ...means, checks });
    return conclude(tests, checked, checks.length);
  } catch (error) {
    if (!(error instanceof SandboxFault)) throw error;
    return conclude(
      { runs: [], failure: { code: 'sandbox', message: error.message } },
      noChecks,
      0,
    );
  }
};

const readTimeout = (value: unknown): number => {
  const parsed = durationSchema.safeParse(value);
  return parsed.success ? parsed.data : defaultTimeoutMs;
};

const noChecks: CheckResult = { ok: true, log: '', failed: [] };

type Tests = { readonly runs: readonly PackageRun[]; readonly failure?: Failure };

const testPackages = async (
  { overlay, executor, dependencies, signal }: CodeContext,
  packages: readonly AvaPackage[],
  timeoutMs: number,
): Promise<Tests> => {
  if (packages.length === 0) return { runs: [] };
  const lost = packages.find((one) => one.lost);
  if (lost) {
    const message = `${nameOf(lost.folder)} is tested with AVA before the patch but not after it`;
    return { runs: [], failure: { code: 'tests', message } };
  }
  const runs: PackageRun[] = [];
  for (const avaPackage of packages) {
    const modules = await dependencies(avaPackage.folder);
    const ava = await findAva(modules);
    if (ava === undefined) return { runs, failure: withoutDependencies(avaPackage.folder) };
    const means = { ava, modules, timeoutMs };
    // Each package on a tree of its own: tests can write, and must not write each other's files.
    runs.push(
      await onPatchedTree({ overlay, executor, signal }, (onTree) =>
        runAva(onTree, avaPackage, means),
      ),
    );
  }
  const red = runs.find((done) => done.red !== undefined);
  if (red?.red === undefined) return { runs };
  return { runs, failure: { code: 'tests', message: `${nameOf(red.folder)}: ${red.red}` } };
};

/** No test need cover an importer outside the scope, where no reviewer looks. */
const importFailure = async ({ overlay }: CodeContext): Promise<Pick<Tests, 'failure'>> => {
  const [first, ...more] = await findLostImports(overlay);
  if (first === undefined) return {};
  const message = more.length > 0 ? `${first}, and ${countNoun(more.length, 'more place')}` : first;
  return { failure: { code: 'tests', message } };
};

const withoutDependencies = (folder: string): Failure => ({
  code: 'dependencies',
  message: `the dependencies of ${nameOf(folder)} are neither prepared nor installed; nothing is installed at night`,
  advice: 'run "pantheon deps" by day',
});

const nameOf = (folder: string): string => folder || 'the top package';

const conclude = ({ runs, failure }: Tests, checked: CheckResult, checks: number): CodeResult => {
  const packages = runs.map(({ folder, report: { ok: _, ...counts } }) => ({ folder, ...counts }));
  const sum = (kind: 'passed' | 'failed' | 'skipped' | 'todo') =>
    packages.reduce((total, counts) => total + counts[kind], 0);
  const totals = {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    todo: sum('todo'),
  };
  const failedChecks = checked.failed.length;
  const ended = failure ?? checkFailure(checked);
  return {
    notes: ended?.message ?? describe(totals, packages.length, checks),
    metrics: { ...totals, checksPassed: checks - failedChecks, checksFailed: failedChecks },
    result: {
      ...totals,
      packages,
      checks: { passed: checks - failedChecks, failed: failedChecks },
    },
    testsLog: [...runs.map(({ log }) => shorten(log)), checked.log].join('\n'),
    ...(ended && { failure: ended }),
  };
};

const checkFailure = ({ failed }: CheckResult): Failure | undefined =>
  failed[0] === undefined
    ? undefined
    : { code: 'tests', message: `the check failed: ${failed.join('; ')}` };

const describe = (
  { passed, skipped }: { readonly passed: number; readonly skipped: number },
  packages: number,
  checks: number,
): string => {
  const tests =
    packages === 0
      ? 'No changed file belongs to a package tested with AVA'
      : `${countNoun(passed, 'test')} passed, ${skipped} skipped in ${countNoun(packages, 'package')}`;
  return `${tests}; ${checks === 0 ? 'the spec has no checks' : `${countNoun(checks, 'check')} passed`}.`;
};

const shorten = (log: string): string =>
  log.length <= maxLog
    ? log
    : `${log.slice(0, maxLog / 2)}\n[... ${log.length - maxLog} characters cut ...]\n${log.slice(-maxLog / 2)}`;
