// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { createBubblewrap } from '../../src/boundary/bubblewrap.ts';
import type { Command, Execution, Executor } from '../../src/boundary/executor.ts';
import { limitsOf } from '../../src/boundary/limits/limits.ts';
import { bombs, wide } from './bombs.ts';
import { callArguments, callScript, calls } from './calls.ts';
import { scripts } from './scripts.ts';
import { writeWeakened } from './weakened.ts';
import { openWorld } from './world.ts';

/*
 * Makes all attempts as whoever runs this and prints a line of JSON for each: with every protection
 * (`real`), or each with one taken away (`control`). Controls run nowhere but in namespaces of their own.
 */

export type Outcome = {
  readonly title: string;
  /** `in`, `refused`, or why nothing can be said: the kernel has no such thing. */
  readonly outcome: 'in' | 'refused' | 'none' | `fault: ${string}`;
  readonly ms: number;
};

const [mode, key = ''] = process.argv.slice(2);
const isControl = mode === 'control';
if (isControl && readFileSync('/proc/self/uid_map', 'utf8').includes('4294967295')) {
  throw new Error('a control is run in a user namespace of its own; bin/suites/sandbox makes it');
}

const world = await openWorld(key);
/** What is bounded by processor time takes as long as others leave it little of that. */
const timeoutMs = isControl ? 90_000 : 20_000;

const inTree = (
  executor: Executor,
  argv: Command['argv'],
  more: Partial<Command> = {},
): Promise<Execution> =>
  executor.withTree(
    ({ path }) => executor.run({ argv, root: path, cwd: path, timeoutMs, ...more }),
    more.limits?.tree,
  );

const report = (title: string, outcome: Outcome['outcome'], started: number): void => {
  const ms = Math.round(performance.now() - started);
  process.stdout.write(`${JSON.stringify({ title, outcome, ms } satisfies Outcome)}\n`);
};

const tryCalls = async (): Promise<void> => {
  const started = performance.now();
  const bwrap = isControl && writeWeakened(world.folder, 'calls', { from: ['--seccomp', '4'] });
  const executor = createBubblewrap(bwrap ? { bwrap } : {});
  const argv = ['perl', '-e', callScript, ...callArguments(calls)] as const;
  const { stdout, stderr } = await inTree(executor, [...argv]);
  const errors = new Map(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
  for (const [title, { refused = 38 }] of Object.entries(calls)) {
    const error = errors.get(title);
    if (error === undefined) report(title, `fault: ${stderr}`, started);
    else if (Number(error) !== refused) report(title, 'in', started);
    // Without the filter it is the kernel itself that has no such call or family.
    else report(title, isControl ? 'none' : 'refused', started);
  }
};

const strict = createBubblewrap();

const tryScripts = async (): Promise<void> => {
  for (const [title, { argv, without, rootOnly }] of Object.entries(scripts)) {
    const started = performance.now();
    if (rootOnly && isControl && !isRealRoot()) {
      report(title, 'none', started);
      continue;
    }
    const name = String(Object.keys(scripts).indexOf(title));
    const executor = isControl
      ? createBubblewrap({ bwrap: writeWeakened(world.folder, name, without(world)) })
      : strict;
    const readOnly = [{ source: `${world.folder}/shown`, target: 'node_modules' }];
    await settle(title, started, () => inTree(executor, argv(world), { readOnly }));
  }
};

/** Whether root in here is root of the machine too. */
const isRealRoot = (): boolean => /^\s*0\s+0\s/.test(readFileSync('/proc/self/uid_map', 'utf8'));

const tryBombs = async (): Promise<void> => {
  for (const [title, { argv, limit }] of Object.entries(bombs)) {
    const limits = limitsOf({ ...wide, ...(isControl ? {} : limit) });
    await settle(title, performance.now(), () => inTree(strict, argv, { limits }));
  }
};

const settle = async (
  title: string,
  started: number,
  attempt: () => Promise<Execution>,
): Promise<void> => {
  try {
    const { stdout } = await attempt();
    report(title, stdout.includes('IN') ? 'in' : 'refused', started);
  } catch (error) {
    report(title, `fault: ${error}`, started);
  }
};

try {
  await tryCalls();
  await tryScripts();
  await tryBombs();
} finally {
  world.close();
}
