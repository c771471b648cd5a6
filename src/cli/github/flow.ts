// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { UserError } from '../../data/user-error.ts';
import { type Drift, driftOf } from '../../flow/compile/compile.ts';
import { agedPins } from '../../flow/compile/pins.ts';
import { graphText } from '../../flow/graph-text.ts';
import {
  compiledWorkflows,
  isCompiled,
  presentWorkflows,
  readFlowFolder,
} from './compiled-workflows.ts';

export type FlowArguments = { readonly repo: string };

/** `pantheon flow compile`: writes what differs, and says what it wrote. */
export const compileCommand = async (
  args: FlowArguments & { readonly force?: true; readonly dryRun?: true },
): Promise<void> => {
  const drifts = await driftsIn(args.repo);
  const edited = drifts.filter(({ drift }) => drift === 'edited').map(({ path }) => path);
  if (edited.length > 0 && !args.force) {
    throw new UserError(
      `${edited.join(', ')}: edited by hand. Move the change into the flow or pantheon.yaml, or use --force to overwrite it.`,
    );
  }
  for (const { path, compiled, drift } of drifts) {
    if (compiled === undefined) {
      process.stdout.write(`${path}: its flow no longer exists. Delete it.\n`);
    } else if (drift === 'same') {
      process.stdout.write(`${path}: up to date.\n`);
    } else {
      if (!args.dryRun) {
        await mkdir(dirname(join(args.repo, path)), { recursive: true });
        await writeFile(join(args.repo, path), compiled);
      }
      process.stdout.write(`${path}: ${args.dryRun ? 'would be written' : 'written'}.\n`);
    }
  }
};

const faults: Readonly<Record<WorkflowDrift['drift'], string>> = {
  same: 'is up to date',
  missing: 'is missing',
  outdated: 'is out of date',
  edited: 'was edited by hand',
  stray: 'belongs to a flow that no longer exists',
};

/**
 * `pantheon flow check`: exit code 1 and a line for each workflow that is not what its flow gives. It
 * only warns of actions, in any workflow, whose runtime the runners no longer have.
 */
export const checkCommand = async (args: FlowArguments): Promise<void> => {
  const drifts = await driftsIn(args.repo);
  await warnOfAgedPins(args.repo);
  const wrong = drifts.filter(({ drift }) => drift !== 'same');
  for (const { path, drift } of wrong) {
    const force = drift === 'edited' ? ' --force, which loses the edit' : '';
    process.stderr.write(`${path} ${faults[drift]}. Run "pantheon flow compile"${force}.\n`);
  }
  if (wrong.length > 0) process.exitCode = 1;
  else process.stdout.write(`${countNoun(drifts.length, 'workflow')} up to date.\n`);
};

const warnOfAgedPins = async (folder: string): Promise<void> => {
  const [{ config }, workflows] = await Promise.all([
    readFlowFolder(folder),
    presentWorkflows(folder),
  ]);
  for (const [path, text] of workflows) {
    for (const { line, action, version, from } of agedPins(text, config.github.server)) {
      process.stderr.write(
        `warning: ${path}:${line}: ${action} ${version} asks for a Node that runners no longer have. Use v${from} or later.\n`,
      );
    }
  }
};

type WorkflowDrift = {
  readonly path: string;
  /** `stray`: no flow gives such a workflow. */
  readonly drift: Drift | 'stray';
  readonly compiled: string | undefined;
};

const driftsIn = async (folder: string): Promise<readonly WorkflowDrift[]> => {
  const [compiled, present] = await Promise.all([
    compiledWorkflows(folder),
    presentWorkflows(folder),
  ]);
  const paths = [
    ...new Set([...compiled.keys(), ...[...present.keys()].filter(isCompiled)]),
  ].sort();
  return paths.map((path) => {
    const text = compiled.get(path);
    const drift = text === undefined ? 'stray' : driftOf(present.get(path), text);
    return { path, drift, compiled: text };
  });
};

/** `pantheon flow graph`: a flow, or all of them, as Mermaid. */
export const graphCommand = async (
  name: string | undefined,
  { repo }: FlowArguments,
): Promise<void> => {
  const { flows } = await readFlowFolder(repo);
  const wanted = flows.filter((flow) => name === undefined || flow.name === name);
  if (wanted.length === 0) {
    const names = flows.map((flow) => flow.name).join(', ');
    throw new UserError(
      `The flow "${name}" does not exist in ${join(repo, 'flows')}. The flows are ${names}.`,
    );
  }
  const charts = wanted.map((flow) =>
    wanted.length === 1 ? graphText(flow) : `%% ${flow.name}\n${graphText(flow)}`,
  );
  process.stdout.write(charts.join('\n'));
};
