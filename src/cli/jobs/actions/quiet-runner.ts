// SPDX-License-Identifier: GPL-3.0-only
import { randomUUID } from 'node:crypto';

/**
 * From here on the runner takes nothing that is printed for a command, until what is returned is
 * called: what strangers wrote is printed in lines, and the runner looks for `::name::` at their
 * beginning and for `##[name]` anywhere in them. Outside of a workflow nobody does.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const stopCommands = (environment: NodeJS.ProcessEnv = process.env): (() => void) => {
  if (environment.GITHUB_ACTIONS !== 'true') return () => {};
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  return () => void process.stdout.write(`::${token}::\n`);
};

/** A line for the page of a run. */
export type Annotation = readonly [level: 'error' | 'warning', line: string];
