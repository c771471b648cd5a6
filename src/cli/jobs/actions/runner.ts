// SPDX-License-Identifier: GPL-3.0-only
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/*
 * What an action tells the runner, as GitHub documents it. `@actions/core` does the same with an HTTP
 * client and more, which took a third of a job's start.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */

/** A line for the page of a run. */
export type Annotation = readonly [level: 'error' | 'warning', line: string];

/** Puts a line on the page of the run; line breaks in it are escaped. */
export const annotate = ([level, line]: Annotation): void => {
  const text = line.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  process.stdout.write(`::${level}::${text}\n`);
};

/** Gives the step an output. @throws Error for a value of several lines, which could say another one. */
export const setOutput = (
  name: string,
  value: string | number | boolean,
  { GITHUB_OUTPUT: file }: NodeJS.ProcessEnv = process.env,
): void => {
  if (/[\r\n]/.test(String(value))) throw new Error(`the output ${name} has several lines`);
  if (file) appendFileSync(file, `${name}=${value}\n`);
};

/** Adds Markdown to the job's summary. */
export const addSummary = (
  text: string,
  { GITHUB_STEP_SUMMARY: file }: NodeJS.ProcessEnv = process.env,
): void => {
  if (file) appendFileSync(file, text);
};

/**
 * From here on the runner takes nothing that is printed for a command, until what is returned is
 * called: what strangers wrote is printed in lines, and the runner looks for `::name::` at their
 * beginning and for `##[name]` anywhere in them. Outside of a workflow nobody does.
 */
export const stopCommands = (environment: NodeJS.ProcessEnv = process.env): (() => void) => {
  if (environment.GITHUB_ACTIONS !== 'true') return () => {};
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  return () => void process.stdout.write(`::${token}::\n`);
};
