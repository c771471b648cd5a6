// SPDX-License-Identifier: GPL-3.0-only
import type { DependencyFinder, ModulesFolder } from '../boundary/dependencies.ts';
import type { Execution, Executor } from '../boundary/executor.ts';
import { scrub } from '../secrets/scrub.ts';
import type { Overlay } from '../workspace/overlay.ts';
import { onPatchedTree } from './run-on-tree.ts';

export type CheckRequest = {
  readonly overlay: Overlay;
  readonly executor: Executor;
  readonly dependencies: DependencyFinder;
  readonly signal: AbortSignal;
  /** Shell commands, run at the top of the patched tree. */
  readonly checks: readonly string[];
  /** For each command; default five minutes. */
  readonly timeoutMs?: number;
};

export type CheckResult = {
  readonly ok: boolean;
  readonly log: string;
  /** The commands that failed, each with how it ended. */
  readonly failed: readonly string[];
};

const defaultTimeoutMs = 300_000;

const noPackages = ' (no packages are prepared or installed; run "pantheon deps" by day)';

/** Last in PATH, so that a package cannot put its own `node` or `git` before the real one. */
const addTools = 'export PATH="$PATH:$PWD/node_modules/.bin"';

/**
 * Runs a spec's `checks`, each on a patched tree of its own so that none can prepare the ground for
 * the next. Without checks it is ok with a log that says so.
 * @throws SandboxFault
 */
export const runSpecChecks = async (request: CheckRequest): Promise<CheckResult> => {
  const { overlay, executor, dependencies, signal, timeoutMs = defaultTimeoutMs } = request;
  if (request.checks.length === 0)
    return { ok: true, log: 'The spec has no checks.\n', failed: [] };
  const modules = await modulesOfTree(overlay, dependencies);
  // There is no network: what asks a registry is to fail at once.
  const env = { CI: 'true', npm_config_offline: 'true' };
  const logs: string[] = [];
  const failed: string[] = [];
  for (const check of request.checks) {
    const execution = await onPatchedTree({ overlay, executor, signal }, (run) =>
      run({ argv: ['sh', '-c', `${addTools}\n${check}`], env, modules, timeoutMs }),
    );
    const end = describeEnd(execution, timeoutMs);
    const said = scrub(`${execution.stdout}${execution.stderr}`);
    logs.push(`$ ${check}\n${said}[${end}]\n`);
    const isMissing = execution.code === 127 || /ENOTCACHED/.test(execution.stderr);
    const hint = isMissing && modules.length === 0 ? noPackages : '';
    if (execution.code !== 0) failed.push(`${check}: ${end}${hint}`);
  }
  return { ok: failed.length === 0, log: logs.join('\n'), failed };
};

/**
 * The dependencies of every package in the tree, also of those that the agent may not read: a check may
 * enter any of them, and sees the same whoever has it run.
 */
export const modulesOfTree = async (
  overlay: Overlay,
  dependencies: DependencyFinder,
): Promise<readonly ModulesFolder[]> => {
  const paths = [...overlay.base.entries.keys(), ...overlay.changes().map(({ path }) => path)];
  const manifests = paths.filter(
    (path) => /(?:^|\/)package\.json$/.test(path) && !path.includes('node_modules/'),
  );
  const folders = manifests.map((path) => path.slice(0, -'/package.json'.length));
  const installed = (await Promise.all(folders.map(dependencies))).flat();
  return [...new Map(installed.map((modules) => [modules.folder, modules])).values()];
};

/** How a command ended, as a person reads it. */
export const describeEnd = ({ code, timedOut, stopped }: Execution, timeoutMs: number): string => {
  if (timedOut) return `still running after ${timeoutMs / 1000} s, stopped`;
  if (stopped !== undefined) return `stopped: ${stopped}`;
  return code === undefined ? 'stopped' : `exit code ${code}`;
};
