// SPDX-License-Identifier: GPL-3.0-only
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printable, printableLines } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { modelsFolder } from '../../engine/models/model-files.ts';
import {
  countPairs,
  type EvalResult,
  type EvalSide,
  evalSides,
  isPaired,
} from '../../learn/eval/result.ts';
import { parseVersion } from '../../learn/eval/trained-version.ts';
import {
  type EvalPlan,
  emptyResult,
  evaluateAgent,
  evaluatorOf,
} from '../../night/evaluate-agent.ts';
import { readCommit } from '../../night/open/read-commit.ts';
import { acquireLock } from '../../trace/lock.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import { publishedNights, type TraceArguments, tracesOf } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { locate } from '../shared/state.ts';
import { whileDay } from '../shared/while-day.ts';
import { workerOf } from '../shared/worker.ts';
import { readEval, resultFile, writeEval } from './eval-files.ts';
import {
  evalPlace,
  findCases,
  findVersion,
  flowsOf,
  readAgainst,
  trialRegistry,
} from './eval-plan.ts';
import { readShare } from './mine.ts';

type EvalArguments = TraceArguments & {
  readonly since?: string;
  readonly heldOut: string;
  readonly specs?: string;
  readonly guards?: string;
  readonly profile?: string;
  readonly against?: string;
  readonly dryRun?: true;
  readonly json?: true;
};

const say = (line: string): void => console.error(printable(line));

/** `pantheon eval AGENT@VERSION`: works held-out specs with a version and with what it would replace. */
export const evalCommand = async (asked: string, args: EvalArguments): Promise<void> => {
  const { agent, version } = parseVersion(asked, modelsFolder());
  const text = adapterName({ agent, version });
  const farewell = 'Interrupted; what is finished is kept. Run it again to go on.';
  await whileDay('pantheon eval', farewell, async (signal) => {
    const { state, repository } = await locate(args.repo);
    const place = evalPlace(state, text);
    mkdirSync(place, { recursive: true });
    const release = await acquireLock(`${place}.lock`, `pantheon eval ${text}`);
    const base = await openBaseTree(repository.root, repository.head);
    try {
      const commit = await readCommit(base);
      const [registry, models] = [await commit.registry(), await commit.models()];
      const { candidate, facts } = await findVersion(agent, version, models);
      const { incumbent, side } = readAgainst(args.against, registry, agent);
      if (incumbent.adapter === candidate.adapter) {
        throw new UserError(
          `${text} is the champion itself. Compare it with --against none, or rules`,
        );
      }
      const flows = await flowsOf(commit, agent);
      const traces = await tracesOf(args);
      const nights = await publishedNights(traces);
      const since =
        args.since === undefined ? nights : await nightsSince(traces, nights, args.since);
      const heldOut = readShare(args.heldOut);
      const specs = await findCases(commit, flows, {
        ...{ agent, base, repository, state, heldOut, say },
        nights: since.map((night) => join(traces, night)),
        specs: args.specs === undefined ? undefined : resolve(args.specs),
        guards: args.guards === undefined ? undefined : resolve(args.guards),
        learned: facts.specs,
      });
      refuseFew(specs, text, args);
      const before = readEval(place);
      const plan: EvalPlan = {
        ...{ agent, candidate, incumbent, flows, specs, place, state, say, signal },
        repository: repository.root,
        head: repository.head,
        registry: trialRegistry(registry, agent, candidate),
        config: commit.config,
        profile: args.profile ?? commit.config.profile,
        heldOut: args.specs === undefined ? heldOut : null,
        startedAt: before?.result.startedAt ?? `${new Date().toISOString().slice(0, 19)}Z`,
        sides: { candidate: { adapter: text }, incumbent: side },
        example: false,
        work: await workerOf({}),
      };
      const evaluator = await evaluatorOf(plan);
      const begun = goOn(before?.result, plan, evaluator);
      if (args.dryRun) return print(args, begun, dryLines(plan, begun));
      const keep = (result: EvalResult) => writeEval(place, { result, specs });
      keep(begun);
      const result = await evaluateAgent(plan, begun, keep);
      print(args, result, [...linesOf(result), `  ${resultFile(place)}`]);
      if (!result.cases.every((one) => one.kind === 'guard' || isPaired(one))) process.exitCode = 1;
    } finally {
      await base.close();
      release();
    }
  });
};

const refuseFew = (
  specs: EvalPlan['specs'],
  text: string,
  { heldOut, specs: folder }: EvalArguments,
): void => {
  if (specs.some(({ kind }) => kind === 'held-out')) return;
  throw new UserError(
    folder === undefined
      ? `no night has a spec that is held out for ${text} with --held-out ${heldOut}. Name a folder of specs with --specs, or hold out more when you train`
      : `${folder} has no spec for ${text}. Name a folder of specs that its flows work`,
  );
};

/** The result so far, where the same is compared by the same; else a new one. */
const goOn = (before: EvalResult | undefined, plan: EvalPlan, evaluator: string): EvalResult => {
  const fresh = emptyResult(plan, evaluator);
  if (!before) return fresh;
  const isSame =
    before.evaluator === evaluator &&
    before.profile === plan.profile &&
    before.candidate.adapter === plan.candidate.adapter &&
    before.incumbent.name === plan.incumbent.name &&
    before.incumbent.adapter === plan.incumbent.adapter;
  if (isSame) return before;
  say('What judges, or what is compared, has changed since the last time: it begins again.');
  return fresh;
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
