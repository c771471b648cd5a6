// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeContext } from '../../src/agent/code-agent.ts';
import type { Failure } from '../../src/agent/schema.ts';
import type { ModulesFolder } from '../../src/boundary/dependencies.ts';
import { onPatchedTree } from '../../src/tool/run-on-tree.ts';
import type { TestPlace } from '../../src/tool/tests/places.ts';
import { packagedRunners } from '../../src/tool/tests/runners.ts';
import type { Overlay } from '../../src/workspace/overlay.ts';
import type { FailedTest } from './reports/report.ts';
import { runStep, type StepRun } from './run-step.ts';

/** What the tests of one place came to, on one side of the patch. */
export type PlaceRun = {
  readonly folder: string;
  readonly passed: number;
  readonly skipped: number;
  readonly todo: number;
  readonly failed: readonly FailedTest[];
  /** Why it is not green although no test says so by its name. */
  readonly fault?: string;
  /** A report was read, so that what was counted are tests; otherwise it is the script as a whole. */
  readonly counted: boolean;
  /** Its program is not on this machine. */
  readonly missing?: string;
  readonly log: string;
};

export type PlaceMeans = Pick<CodeContext, 'executor' | 'signal'> & {
  readonly overlay: Overlay;
  readonly modules: readonly ModulesFolder[];
  readonly timeoutMs: number;
};

/**
 * Runs a place's commands one after the other on a tree of its own: tests can write, and must not write
 * each other's files. Ends at a command that fails without naming a test. @throws SandboxFault
 */
export const runPlace = (
  { folder, steps }: TestPlace,
  { overlay, executor, signal, modules, timeoutMs }: PlaceMeans,
): Promise<PlaceRun> =>
  onPatchedTree({ overlay, executor, signal }, async (run) => {
    const done: StepRun[] = [];
    for (const step of steps) {
      // Where a program is missing the tests can be run, and nothing that stands on it.
      if (step.call === undefined && done.some(({ missing }) => missing)) continue;
      const ended = await runStep(step, { run, folder, modules, timeoutMs });
      done.push(ended);
      if (ended.fault !== undefined) break;
    }
    return sumUp({ folder, steps }, done);
  });

const sumUp = (
  { folder, steps }: Pick<TestPlace, 'folder' | 'steps'>,
  done: readonly StepRun[],
): PlaceRun => {
  const sum = (kind: 'passed' | 'skipped' | 'todo') =>
    done.reduce((total, { report }) => total + report[kind], 0);
  const failed = done.flatMap(({ report }) => report.failed);
  const last = done.at(-1);
  const counted = done.some((step) => step.counted);
  const missing = steps[done.findIndex((step) => step.missing)]?.command;
  // A script whose tests cannot be counted is one test, and green by its exit code.
  const script = counted || missing !== undefined || last?.fault !== undefined ? 0 : 1;
  const broken = done.find(({ report }) => report.broken !== undefined)?.report.broken;
  const fault = last?.fault ?? broken;
  return {
    folder,
    passed: sum('passed') + script,
    skipped: sum('skipped'),
    todo: sum('todo'),
    failed,
    counted,
    ...(fault !== undefined && { fault }),
    ...(missing !== undefined && { missing }),
    log: done.map(({ log }) => log).join('\n'),
  };
};

/** The fault of dependencies that are not there; nothing is ever installed here. */
export const missingDependencies = async (
  { folder, steps, depends }: TestPlace,
  modules: readonly ModulesFolder[],
  run?: PlaceRun,
): Promise<Failure | undefined> => {
  const runners = steps.flatMap(({ call }) =>
    packagedRunners.filter((name) => name === call?.runner),
  );
  const absent = (
    await Promise.all(
      runners.map(async (name) => ((await isInstalled(name, modules)) ? [] : [name])),
    )
  ).flat();
  const isFaulty = run?.fault !== undefined || run?.missing !== undefined;
  const unprepared = depends && modules.length === 0 && isFaulty;
  if (absent.length === 0 && !unprepared) return undefined;
  return {
    code: 'dependencies',
    message: `the dependencies of ${nameOf(folder)} are neither prepared nor installed; nothing is installed at night`,
    advice: 'run "pantheon deps" by day',
  };
};

const isInstalled = async (name: string, modules: readonly ModulesFolder[]): Promise<boolean> => {
  for (const { source } of modules) {
    const file = join(source, name, 'package.json');
    if (
      await stat(file).then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
};

/** A folder as a person reads it. */
export const nameOf = (folder: string): string => folder || 'the top package';
