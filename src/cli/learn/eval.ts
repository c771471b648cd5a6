// SPDX-License-Identifier: GPL-3.0-only
import { resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { modelsFolder } from '../../engine/models/model-files.ts';
import { evalPlace, readEval, resultFile, shadowPlace } from '../../learn/eval/kept-eval.ts';
import {
  countPairs,
  type EvalResult,
  type EvalSide,
  evalSides,
  isPaired,
} from '../../learn/eval/result.ts';
import { parseVersion } from '../../learn/eval/trained-version.ts';
import type { EvalPlan } from '../../night/trial/evaluate-agent.ts';
import { evaluateVersion } from '../../night/trial/evaluate-version.ts';
import type { TraceArguments } from '../shared/nights.ts';
import { publishedFolders } from '../shared/nights-since.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { workerOf } from '../shared/worker.ts';
import { readShare } from './mine.ts';

type EvalArguments = TraceArguments & {
  readonly since?: string;
  readonly heldOut: string;
  readonly specs?: string;
  readonly guards?: string;
  readonly profile?: string;
  readonly against?: string;
  readonly shadows?: true;
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon eval AGENT@VERSION`: works held-out specs with a version and with what it would replace. */
export const evalCommand = async (asked: string, args: EvalArguments): Promise<void> => {
  const { agent, version } = parseVersion(asked, modelsFolder());
  const farewell = 'Interrupted; what is finished is kept. Run it again to go on.';
  await whileDay('pantheon eval', farewell, async (signal) => {
    const { state, repository } = await locate(args.repo);
    if (args.shadows) return printShadow(args, shadowPlace(state, adapterName({ agent, version })));
    const { plan, result } = await evaluateVersion({
      ...{ agent, version, repository, state, signal },
      heldOut: readShare(args.heldOut),
      nights: await publishedFolders(args),
      specs: args.specs === undefined ? undefined : resolve(args.specs),
      guards: args.guards === undefined ? undefined : resolve(args.guards),
      against: args.against,
      profile: args.profile,
      dry: args.dryRun === true,
      work: await workerOf({}),
      say: (line) => console.error(printable(line)),
    });
    if (args.dryRun) return print(args, result, dryLines(plan, result));
    const place = evalPlace(state, adapterName({ agent, version }));
    print(args, result, [...linesOf(result), `  ${resultFile(place)}`]);
    if (!result.cases.every((one) => one.kind === 'guard' || isPaired(one))) process.exitCode = 1;
  });
};

/** What nights had a version work in the shadow; exit code 1 where none had, or some of it is missing. */
const printShadow = (args: EvalArguments, place: string): void => {
  const kept = readEval(place);
  if (!kept?.result.cases.every(isPaired)) process.exitCode = 1;
  const lines = kept
    ? [...linesOf(kept.result), `  ${resultFile(place)}`]
    : ['No night has had it work in the shadow.'];
  print(args, kept?.result ?? {}, lines);
};

const dryLines = ({ specs, incumbent }: EvalPlan, { cases }: EvalResult): readonly string[] => [
  `Against ${incumbent.name}: ${countNoun(specs.length, 'case')}, each worked by both.`,
  ...cases.map(({ id, kind, base, candidate, incumbent: other }) => {
    const done = [candidate, other].filter((side) => side !== undefined && !side.broken).length;
    return `  ${id} (${kind}) on ${base.slice(0, 12)}: ${done} of 2 worked`;
  }),
  'Nothing was worked.',
];

const linesOf = (result: EvalResult): readonly string[] => {
  const { both, candidate, incumbent, neither } = countPairs(result.cases);
  const guards = countPairs(result.cases, 'guard');
  const broken = result.cases.filter((one) => !isPaired(one));
  const name = (side: EvalSide): string =>
    side === 'candidate'
      ? adapterName({ agent: result.agent, version: result.candidate.version })
      : result.incumbent.name;
  return [
    `Held-out specs: both accepted ${both}, only ${name('candidate')} ${candidate}, only ${name('incumbent')} ${incumbent}, neither ${neither}.`,
    `Guard cases: both ${guards.both}, only ${name('candidate')} ${guards.candidate}, only ${name('incumbent')} ${guards.incumbent}, neither ${guards.neither}.`,
    ...evalSides.map((side) => `${name(side)}: ${costText(result, side)}`),
    ...broken.map(
      ({ id, candidate: one, incumbent: other }) =>
        `${id} says nothing yet: ${one?.broken ?? other?.broken ?? 'it was not worked'}`,
    ),
  ];
};

const costText = ({ cases }: EvalResult, side: EvalSide): string => {
  const outcomes = cases.flatMap((one) => one[side] ?? []);
  const sum = (of: (outcome: (typeof outcomes)[number]) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const [prompt, completion] = [
    sum(({ tokens }) => tokens.prompt),
    sum(({ tokens }) => tokens.completion),
  ];
  return `${prompt} tokens read, ${completion} written, ${sum(({ seconds }) => seconds).toFixed(1)} s of its nodes`;
};

const print = ({ json }: EvalArguments, value: object, lines: readonly string[]): void => {
  const said = json ? JSON.stringify(value, null, 2) : printableLines(lines.join('\n'));
  process.stdout.write(`${said}\n`);
};
