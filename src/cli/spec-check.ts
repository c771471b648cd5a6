// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { discoverAgents } from '../agent/registry.ts';
import type { Failure } from '../agent/schema.ts';
import type { Chores } from '../chore/chores.ts';
import { loadModules } from '../chore/modules.ts';
import { readAsked } from '../chore/read-asked.ts';
import { findingOfFailure } from '../data/findings/failures.ts';
import type { FindingCode } from '../data/findings/table.ts';
import { installationFolder } from '../data/installation.ts';
import { printable } from '../data/printable.ts';
import { readSource } from '../data/read-source.ts';
import { UserError } from '../data/user-error.ts';
import { loadFlow } from '../flow/load-flow.ts';
import { flowChooser } from '../night/decide/choose-flow.ts';
import { AgentFailure, type UnitEnd, workAlone } from '../night/load-agent.ts';
import { openCode } from '../night/open/open-setup.ts';
import { type CommittedFiles, readCommit } from '../night/open/read-commit.ts';
import { loadSpecFile } from '../spec/load-specs.ts';
import type { Spec } from '../spec/schema.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import { untilInterrupted } from './shared/interrupt.ts';
import { locate } from './shared/state.ts';
import { commitWorkingTree } from './shared/working-tree-commit.ts';

type CheckArguments = { readonly repo: string; readonly profile?: string; readonly json?: true };

/** `pantheon spec check FILE`: the patch goes to stdout, everything else to stderr. */
export const checkCommand = async (file: string, args: CheckArguments): Promise<void> => {
  const spec = loadSpecFile(await readSource(file));
  const { repository, state } = await locate(args.repo);
  const commit = await commitWorkingTree(repository);
  const base = await openBaseTree(repository.root, commit);
  const files = await readCommit(base);
  const { hands, ...code } = await openCode(files, state.code);
  const chores = await code.chores();
  const worker = await workerOf(spec, files, chores);
  await base.close();
  await loadJudges(spec, chores).finally(hands.close);

  const say = (line: string): void => {
    if (!args.json) process.stderr.write(`${printable(line)}\n`);
  };
  const sentences = spec.acceptance.map((sentence) => ({
    sentence,
    chores: read(sentence, chores),
  }));
  for (const one of sentences) say(`${one.chores.join(', ') || 'for a model'}: ${one.sentence}`);
  const units: UnitEnd[] = [];
  const onUnit = (end: UnitEnd): void => {
    units.push(end);
    say(describe(end));
  };
  await untilInterrupted('Interrupted; nothing was written.', async (signal) => {
    const onNotice = (notice: string) => say(`plan: ${notice}`);
    const options = { repository: args.repo, commit, onUnit, onNotice, signal };
    const end = await tryOut(worker, spec, {
      ...options,
      ...(args.profile !== undefined && { profile: args.profile }),
    });
    const failed = 'failure' in end || units.some((unit) => 'failure' in unit);
    if (args.json) {
      const result = {
        ...{ spec: spec.id, worker, sentences, ...coded(end) },
        units: units.map(coded),
      };
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    } else if ('failure' in end) {
      const { advice } = end.failure;
      say(`plan: ${lineOf(end.failure)}`);
      if (advice !== undefined) say(`plan: ${advice}`);
    } else process.stdout.write(end.diff);
    if (failed) process.exitCode = 1;
  });
};

/** A night needs them later than the work. @throws UserError for a repository's own that cannot be loaded. */
const loadJudges = async (spec: Spec, chores: Chores): Promise<void> => {
  const own = readAsked(spec, chores).asked.filter(({ chore }) => !chores.all.get(chore)?.ships);
  for (const name of ['judge', 'redo', 'spoil'] as const) await loadModules(own, chores, name);
};

const read = (sentence: string, chores: Chores): readonly string[] =>
  (chores.read(sentence) ?? []).map(({ chore }) => chore);

/** The working agent of the flow that a night would choose. @throws UserError where it has none that ships. */
const workerOf = async (spec: Spec, files: CommittedFiles, chores: Chores): Promise<string> => {
  const name = flowChooser(chores, await files.flowNames(), files.config.flow)(spec);
  const agents = await discoverAgents([join(installationFolder, 'actions')]);
  const { nodes } = loadFlow(await files.flowSource(name));
  const worker = nodes.find(({ agent }) => agents.get(agent)?.manifest.role === 'work')?.agent;
  if (worker !== undefined) return worker;
  throw new UserError(
    `the flow "${name}" works with an agent of the repository; run a night instead`,
  );
};

const tryOut = async (...args: Parameters<typeof workAlone>) => {
  try {
    return await workAlone(...args);
  } catch (error) {
    if (!(error instanceof AgentFailure)) throw error;
    return { failure: error.failure };
  }
};

/** With its code, as `pantheon explain` takes it. */
const lineOf = (failure: Failure): string => `${failure.message} [${findingOfFailure(failure)}]`;

/** What ended with a failure, with the code of its finding. */
const coded = <End extends object>(end: End): End & { readonly finding?: FindingCode } =>
  'failure' in end ? { ...end, finding: findingOfFailure(end.failure as Failure) } : end;

const describe = (end: UnitEnd): string => {
  const [path, ...others] = end.unit.paths;
  const what = others.length > 0 ? end.unit.id : (path ?? end.unit.id);
  return 'failure' in end ? `${what}: ${lineOf(end.failure)}` : `${what}: ${end.output.notes}`;
};
