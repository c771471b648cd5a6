// SPDX-License-Identifier: GPL-3.0-only
import { printable, printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { modelsFolder } from '../../engine/models/model-files.ts';
import { type Registry, registryName, versionsOf } from '../../engine/models/registry.ts';
import type { EvalCandidate } from '../../learn/eval/result.ts';
import { parseVersion } from '../../learn/eval/trained-version.ts';
import { type JudgedEval, judgeEval, usualBar } from '../../learn/promote/judge-eval.ts';
import {
  asCandidate,
  asChampion,
  registeredVersion,
  withEvidence,
} from '../../learn/promote/registry-change.ts';
import { type CommittedFiles, readCommit } from '../../night/open/read-commit.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';
import { keyFolder, openSigner } from '../../trace/sign/key-folder.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { readCount } from '../shared/count-option.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { type KeptEval, readEval } from './eval-files.ts';
import { evalPlace, findVersion, readAgainst } from './eval-plan.ts';
import { isJudgedAsToday } from './judged-as-today.ts';
import { proposeRegistry } from './propose-registry.ts';

type PromoteArguments = {
  readonly repo: string;
  readonly as?: string;
  readonly share?: string;
  readonly leastPairs: string;
  readonly mostPairs: string;
  readonly leastEffect: string;
  readonly dryRun?: true;
  readonly json?: true;
};

const say = (line: string): void => console.error(printable(line));

type Opened = {
  readonly agent: string;
  readonly version: number;
  readonly candidate: EvalCandidate;
  readonly registry: Registry;
  readonly repository: Repository;
  readonly state: StateFolder;
  readonly commit: CommittedFiles;
};

/** `pantheon promote AGENT@VERSION`: judges its evaluation, and proposes it as the champion where that is better. */
export const promoteCommand = async (asked: string, args: PromoteArguments): Promise<void> => {
  const { agent, version } = parseVersion(asked, modelsFolder());
  const text = adapterName({ agent, version });
  const bar = readBar(args);
  const share = readCanaryShare(args);
  const farewell = 'Interrupted; nothing was promoted.';
  await whileDay('pantheon promote', farewell, async (signal) => {
    const { repository, state } = await locate(args.repo);
    const base = await openBaseTree(repository.root, repository.head);
    try {
      const commit = await readCommit(base);
      const registry = await commit.registry();
      const { candidate } = await findVersion(agent, version, await commit.models());
      const opened = { agent, version, candidate, registry, repository, state, commit };
      if (versionsOf(registry, agent)?.champion === version) {
        throw new UserError(`${text} is the champion already`);
      }
      if (args.as === 'candidate') return await propose(opened, args, undefined, share);
      const kept = requireEval(readEval(evalPlace(state, text)), opened);
      await requireSameEvaluator(kept, opened, signal);
      const judged = judgeEval(kept.result.cases, bar);
      if (judged.verdict === 'PROMOTE' && !args.dryRun) {
        return await propose(opened, args, { kept, judged });
      }
      print(args, { agent, version, ...judged }, judgedLines(text, judged));
      if (judged.verdict !== 'PROMOTE') process.exitCode = 1;
    } finally {
      await base.close();
    }
  });
};

const readBar = ({ leastPairs, mostPairs, leastEffect }: PromoteArguments) => {
  const effect = Number(leastEffect);
  if (!/^\d*\.?\d+$/.test(leastEffect) || effect > 1) {
    throw new UserError(`--least-effect: "${leastEffect}" is not a share. Write one such as 0.05`);
  }
  return {
    ...usualBar,
    leastPairs: readCount('--least-pairs', leastPairs, 100_000),
    mostPairs: readCount('--most-pairs', mostPairs, 100_000),
    leastEffect: effect,
  };
};

const readCanaryShare = ({ as, share }: PromoteArguments): number | undefined => {
  if (as !== undefined && as !== 'champion' && as !== 'candidate') {
    throw new UserError(`--as: "${as}" is not one of champion, candidate`);
  }
  if (share === undefined) return undefined;
  const value = Number(share);
  if (as === 'candidate' && /^\d*\.?\d+$/.test(share) && value > 0 && value <= 1) return value;
  throw new UserError(
    as === 'candidate'
      ? `--share: "${share}" is not a share of the specs. Write one such as 0.2`
      : '--share is for --as candidate: a champion works all specs',
  );
};

/** The evaluation of just this adapter against the champion of today. @throws UserError where there is none. */
const requireEval = (kept: KeptEval | undefined, opened: Opened): KeptEval => {
  const { agent, version, candidate, registry } = opened;
  const name = adapterName({ agent, version });
  const again = `Run "pantheon eval ${name}" again`;
  if (!kept) throw new UserError(`${name} was not evaluated. Run "pantheon eval ${name}" first`);
  const { result } = kept;
  if (result.candidate.dataset !== candidate.dataset) {
    throw new UserError(
      `${name} was trained on the dataset ${candidate.dataset}, and evaluated as one of ${result.candidate.dataset}: it is another adapter. ${again}`,
    );
  }
  if (result.candidate.adapter !== candidate.adapter) {
    throw new UserError(
      `the files of ${name} have changed since it was evaluated: sha256 ${result.candidate.adapter} then, ${candidate.adapter} now. Put them back, or ${again.replace('Run', 'run')}`,
    );
  }
  const { incumbent } = readAgainst(undefined, registry, agent);
  const isFirst = incumbent.adapter === undefined;
  if (!isFirst && result.incumbent.adapter !== incumbent.adapter) {
    throw new UserError(
      `${name} was compared with ${result.incumbent.name}, and the champion is ${incumbent.name}. ${again}`,
    );
  }
  if (isFirst && result.incumbent.adapter !== undefined) {
    throw new UserError(
      `${name} was compared with ${result.incumbent.name}, and ${registryName} has no champion of ${agent}. ${again}`,
    );
  }
  return kept;
};

/** @throws UserError where other agents, reviewers, rules or settings would judge today. */
const requireSameEvaluator = async (
  kept: KeptEval,
  opened: Opened,
  signal: AbortSignal,
): Promise<void> => {
  if (await isJudgedAsToday(kept, opened, { say, signal })) return;
  const name = adapterName(opened);
  throw new UserError(
    `${name} was evaluated by other agents, reviewers, rules or settings than those of today, or on other specs. Run "pantheon eval ${name}" again`,
  );
};

const propose = async (
  opened: Opened,
  args: PromoteArguments,
  evidence: { readonly kept: KeptEval; readonly judged: JudgedEval } | undefined,
  share?: number,
): Promise<void> => {
  const { agent, version, candidate, registry } = opened;
  const name = adapterName({ agent, version });
  const plain = registeredVersion(candidate, new Date().toISOString().slice(0, 10));
  const lines = evidence ? judgedLines(name, evidence.judged) : [];
  if (args.dryRun) return print(args, { agent, version }, [`Nothing was proposed for ${name}.`]);
  const changed = evidence
    ? asChampion(
        registry,
        agent,
        withEvidence(agent, plain, evidence.kept.result, evidence.judged, openSigner(keyFolder())),
      )
    : asCandidate(registry, agent, plain, share);
  const title = evidence ? `Promote ${name}` : `Try ${name} as the candidate`;
  const { branch, where } = await proposeRegistry({
    ...opened,
    registry: changed,
    title,
    body: lines.map((line) => `    ${line.trim()}`),
    say,
  });
  const said = { agent, version, ...evidence?.judged, branch };
  print(args, said, [...lines, `${branch}: ${nextStep(branch, where)}`]);
};

/** What a person does with the pull request of a registry. */
export const nextStep = (branch: string, where: string | undefined): string =>
  where ?? `in service once it is merged: pantheon accept ${branch} --merge`;

/** What a person is told of a judgement. */
export const judgedLines = (
  name: string,
  judged: JudgedEval,
  against = 'the incumbent',
): readonly string[] => {
  const { verdict, code, pairs, guards, lost, broken, p, effect } = judged;
  const count = pairs.both + pairs.candidate + pairs.incumbent + pairs.neither;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    `${name}: ${verdict} [${code}]`,
    `  ${count} held-out specs: both ${pairs.both}, only it ${pairs.candidate}, only ${against} ${pairs.incumbent}, neither ${pairs.neither}`,
    `  exact McNemar p = ${p.toPrecision(3)}${effect === null ? '' : `; effect ${percent(effect.value)} (${percent(effect.low)} to ${percent(effect.high)})`}`,
    `  guard cases: ${guards.both + guards.candidate} of ${guards.both + guards.candidate + guards.incumbent + guards.neither} accepted with it`,
    ...(lost.length > 0 ? [`  lost: ${lost.join(', ')}`] : []),
    ...(broken.length > 0 ? [`  say nothing yet: ${broken.join(', ')}`] : []),
  ];
};

const print = (
  { json }: Pick<PromoteArguments, 'json'>,
  value: object,
  lines: readonly string[],
): void => {
  const said = json ? JSON.stringify(value, null, 2) : printableLines(lines.join('\n'));
  process.stdout.write(`${said}\n`);
};
