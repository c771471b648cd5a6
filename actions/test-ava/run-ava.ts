// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { joinFolder, type ModulesFolder } from '../../src/boundary/dependencies.ts';
import type { Execution } from '../../src/boundary/executor.ts';
import type { RunOnTree } from '../../src/tool/run-on-tree.ts';
import { describeEnd } from '../../src/tool/spec-checks.ts';
import type { AvaPackage } from './packages.ts';
import { readTap, type TapReport } from './tap.ts';

export type PackageRun = {
  readonly folder: string;
  readonly report: TapReport;
  /** Why it is not green; `undefined` when it is. */
  readonly red: string | undefined;
  readonly log: string;
};

/** More than this of TAP is no longer read, and so is red. */
const maxTap = 8 * 1024 * 1024;

/** AVA's command line file inside the tree, from the top; `undefined` where it is not installed. */
export const findAva = async (modules: readonly ModulesFolder[]): Promise<string | undefined> => {
  for (const { folder, source } of modules) {
    const manifest = await readFile(join(source, 'ava/package.json'), 'utf8').catch(
      () => undefined,
    );
    if (manifest === undefined) continue;
    const { bin } = binSchema.parse(JSON.parse(manifest));
    return joinFolder(
      folder,
      posix.join('node_modules/ava', typeof bin === 'string' ? bin : bin.ava),
    );
  }
  return undefined;
};

const binSchema = z.object({ bin: z.union([z.string(), z.object({ ava: z.string() })]) });

/** Runs a package's tests on the patched tree. @throws SandboxFault */
export const runAva = async (
  run: RunOnTree,
  { folder, args }: AvaPackage,
  {
    ava,
    modules,
    timeoutMs,
  }: { ava: string; modules: readonly ModulesFolder[]; timeoutMs: number },
): Promise<PackageRun> => {
  const program = posix.relative(folder, ava);
  const execution = await run({
    argv: ['node', program, '--tap', ...args],
    folder,
    modules,
    // AVA then writes no snapshots and takes a fixed number of workers.
    env: { CI: 'true', NO_COLOR: '1' },
    timeoutMs,
    maxOutput: maxTap,
  });
  const report = readTap(execution.stdout);
  const end = describeEnd(execution, timeoutMs);
  const title = `# ${folder || 'top of the repository'}: ava --tap ${args.join(' ')}`.trimEnd();
  return {
    folder,
    report,
    red: judge(execution, report, timeoutMs),
    log: `${title}\n${execution.stdout}${execution.stderr}[${end}]\n`,
  };
};

/** Green takes both: the exit code, which a test's output cannot forge, and a whole TAP report. */
const judge = (execution: Execution, report: TapReport, timeoutMs: number): string | undefined => {
  const { code, timedOut, truncated, stderr } = execution;
  if (timedOut) return `the tests were ${describeEnd(execution, timeoutMs)}: one of them hangs`;
  if (code === undefined) return 'the tests were stopped';
  if (truncated) return `the tests printed more than ${maxTap} bytes`;
  if (report.failed > 0)
    return `${report.failed} failed: ${report.failures[0] ?? 'no reason given'}`;
  if (!report.ok)
    return `AVA ended before its report was complete (exit code ${code})${why(stderr)}`;
  if (report.passed === 0) return `no test ran where tests were expected (exit code ${code})`;
  if (code !== 0) return `AVA ended with exit code ${code} although its report contains no failure`;
  return undefined;
};

/** AVA 8.0's TAP reporter itself fails where it should report these two. */
const why = (stderr: string): string => {
  if (/TapReporter\.writeTimeout/.test(stderr)) {
    return ": a test hangs, none ended within AVA's own timeout (10 s unless configured)";
  }
  return /TapReporter\.writeProcessExit/.test(stderr) ? ': a test calls process.exit()' : '';
};
