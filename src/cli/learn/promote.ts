// SPDX-License-Identifier: GPL-3.0-only
import { printable, printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { modelsFolder } from '../../engine/models/model-files.ts';
import { parseVersion } from '../../learn/eval/trained-version.ts';
import { type JudgedEval, type PromotionBar, usualBar } from '../../learn/promote/judge-eval.ts';
import type { CandidateShares } from '../../learn/promote/registry-change.ts';
import { judgeVersion, withVersion } from '../../night/trial/judge-version.ts';
import { proposeCandidate, proposeChampion } from '../../night/trial/propose-version.ts';
import { readCount } from '../shared/count-option.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { workerOf } from '../shared/worker.ts';

type PromoteArguments = {
  readonly repo: string;
  readonly as?: string;
  readonly share?: string;
  readonly shadow?: string;
  readonly leastPairs: string;
  readonly mostPairs: string;
  readonly leastEffect: string;
  readonly looks: string;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon promote AGENT@VERSION`: judges its evaluation, and proposes it as the champion where that is better. */
export const promoteCommand = async (asked: string, args: PromoteArguments): Promise<void> => {
  const { agent, version } = parseVersion(asked, modelsFolder());
  const name = adapterName({ agent, version });
  const bar = readBar(args);
  const shares = readCandidateShares(args);
  await whileDay('pantheon promote', 'Interrupted; nothing was promoted.', async (signal) => {
    const { repository, state } = await locate(args.repo);
    const say = (line: string): void => console.error(printable(line));
    const place = { agent, version, repository, state, signal, say, work: await workerOf({}) };
    await withVersion(place, async (opened) => {
      if (args.as === 'candidate') {
        if (args.dryRun)
          return print(args, { agent, version }, [`${name} would be the candidate.`]);
        const { branch, where } = await proposeCandidate(opened, shares);
        return print(args, { agent, version, branch }, [`${branch}: ${nextStep(branch, where)}`]);
      }
      const judgedVersion = await judgeVersion(opened, bar);
      const { judged } = judgedVersion;
      const lines = judgedLines(name, judged);
      if (judged.verdict !== 'PROMOTE') process.exitCode = 1;
      if (judged.verdict !== 'PROMOTE' || args.dryRun) {
        return print(args, { agent, version, ...judged }, lines);
      }
      const body = lines.map((line) => `    ${line.trim()}`);
      const { branch, where } = await proposeChampion(opened, judgedVersion, body);
      const said = { agent, version, ...judged, branch };
      print(args, said, [...lines, `${branch}: ${nextStep(branch, where)}`]);
    });
  });
};

const readBar = ({ leastPairs, mostPairs, leastEffect, looks }: PromoteArguments): PromotionBar => {
  const effect = Number(leastEffect);
  if (!/^\d*\.?\d+$/.test(leastEffect) || effect > 1) {
    throw new UserError(`--least-effect: "${leastEffect}" is not a share. Write one such as 0.05`);
  }
  return {
    ...usualBar,
    leastPairs: readCount('--least-pairs', leastPairs, 100_000),
    mostPairs: readCount('--most-pairs', mostPairs, 100_000),
    leastEffect: effect,
    looks: readCount('--looks', looks, 100),
  };
};

const readCandidateShares = ({ as, share, shadow }: PromoteArguments): CandidateShares => {
  if (as !== undefined && as !== 'champion' && as !== 'candidate') {
    throw new UserError(`--as: "${as}" is not one of champion, candidate`);
  }
  const read = (option: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (as === 'candidate' && /^\d*\.?\d+$/.test(text) && value > 0 && value <= 1) return value;
    throw new UserError(
      as === 'candidate'
        ? `${option}: "${text}" is not a share of the specs. Write one such as 0.2`
        : `${option} is for --as candidate: a champion works all specs`,
    );
  };
  return { share: read('--share', share), shadow: read('--shadow', shadow) };
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
  const { verdict, code, pairs, guards, lost, broken, p, effect, look } = judged;
  const count = pairs.both + pairs.candidate + pairs.incumbent + pairs.neither;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  return [
    `${name}: ${verdict} [${code}]`,
    `  ${count} held-out specs: both ${pairs.both}, only it ${pairs.candidate}, only ${against} ${pairs.incumbent}, neither ${pairs.neither}`,
    `  exact McNemar p = ${p.toPrecision(3)}${effect === null ? '' : `; effect ${percent(effect.value)} (${percent(effect.low)} to ${percent(effect.high)})`}`,
    ...(look
      ? [
          `  look ${look.number} of ${look.of}: p at most ${look.alpha.toPrecision(3)} is beyond chance`,
        ]
      : []),
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
