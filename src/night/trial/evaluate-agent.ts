// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import { digestOf, sha256 } from '../../data/digest.ts';
import { pantheonVersion } from '../../data/installation.ts';
import type { Flow } from '../../flow/schema.ts';
import { bindSide, type SideRuntime } from '../../learn/eval/bind-side.ts';
import type { TrialSpec } from '../../learn/eval/kept-eval.ts';
import {
  type EvalCase,
  type EvalResult,
  type EvalSide,
  evalSides,
  type SideOutcome,
} from '../../learn/eval/result.ts';
import type { Summary } from '../../morning/summary.ts';
import { specDigest } from '../../spec/schema.ts';
import { readNodes } from '../publish/morning-page.ts';
import type { Night } from '../record/night-schemas.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { type Ended, endedIn } from '../spec-outcomes.ts';
import { decideTrial, runTrial, type Trial, trialNight, trialStates } from './trial-night.ts';
import { codeOf, type TrialTree } from './trial-repository.ts';

/** What is compared, on what, and where it is worked. */
export type EvalPlan = Pick<TrialTree, 'repository' | 'head' | 'registry'> &
  Pick<Trial, 'example' | 'work' | 'say' | 'signal'> &
  Pick<EvalResult, 'agent' | 'candidate' | 'incumbent' | 'profile' | 'heldOut' | 'startedAt'> & {
    /** As committed. */
    readonly config: Config;
    readonly flows: readonly Flow[];
    readonly sides: Readonly<Record<EvalSide, SideRuntime>>;
    /** Ids are unique. */
    readonly specs: readonly TrialSpec[];
    /** A folder for the trials, and a state folder whose exams count. */
    readonly place: string;
    readonly state: StateFolder;
  };

const folderOf = (on: TrialTree['on']): string =>
  'commit' in on ? on.commit.slice(0, 16) : sha256(on.folder).slice(0, 16);

const baseOf = (on: TrialTree['on']): string => ('commit' in on ? on.commit : 'shipped');

const trialOf = (
  plan: EvalPlan,
  side: EvalSide,
  on: TrialTree['on'],
  specs: readonly TrialSpec[],
  name = `${side}-${folderOf(on)}`,
): Trial => {
  const { repository, head, registry, config, profile, agent, flows, startedAt, place } = plan;
  const settings = bindSide(config, profile, agent, plan.sides[side], flows);
  const { example, work, say, signal } = plan;
  return {
    ...{ example, work, say, signal },
    tree: { repository, head, on, config: settings, registry, date: startedAt },
    specs: specs.map(({ spec }) => spec),
    place: join(place, name),
    examined: [plan.state, ...trialStates(place)],
    watch: { node: () => {}, spec: () => {} },
  };
};

const groupsOf = (specs: readonly TrialSpec[]): ReadonlyMap<string, readonly TrialSpec[]> =>
  Map.groupBy(specs, ({ on }) => folderOf(on));

/**
 * The digest of what judges: agents, flows and settings, the runtimes of all other agents, the code that is run,
 * and the cases. It decides a night of all specs for that, and works none of it.
 * @throws UserError as a night does.
 */
export const evaluatorOf = async (plan: EvalPlan): Promise<string> => {
  const { agent, candidate, heldOut, specs } = plan;
  const on = { commit: plan.head };
  const night = await decideTrial(trialOf(plan, 'candidate', on, specs, 'evaluator'));
  const { profile: _, profiles, commit: _c, forge: _f, github: _g, ...settings } = night.config;
  const { concurrency: _n, $schema: _s, ...judging } = settings;
  const [bound] = [profiles[plan.profile]?.[agent] ?? []];
  return digestOf({
    pantheon: pantheonVersion,
    agents: Object.entries(night.agents).map(([name, { digest }]) => [name, digest]),
    flows: night.flows,
    runtimes: othersIn(night, agent),
    // Of a pair of reviewers the other one judges, too.
    peers: Array.isArray(bound)
      ? bound.filter(({ adapter }) => !adapter?.startsWith(`${agent}@`))
      : [],
    settings: judging,
    code: await codeOf(plan),
    cases: specs.map(({ kind, spec, on }) => [kind, spec.id, specDigest(spec), baseOf(on)]),
    ...{ agent, heldOut, dataset: candidate.dataset },
  });
};

const othersIn = ({ runtimes, flows }: Night, agent: string) =>
  Object.entries(runtimes).filter(([key]) => {
    const [flow = '', node = ''] = key.split('/');
    return flows[flow]?.nodes.find(({ id }) => id === node)?.agent !== agent;
  });

/**
 * Works every spec that one of the two has not worked yet, a night for each side and commit, and tells what there
 * is after each. Nothing is published but into the trials' own repositories.
 * @throws UserError as a night does; the signal's reason when interrupted, and what was kept goes on.
 */
export const evaluateAgent = async (
  plan: EvalPlan,
  before: EvalResult,
  keep: (result: EvalResult) => void,
): Promise<EvalResult> => {
  let result = before;
  for (const specs of groupsOf(plan.specs).values()) {
    for (const side of evalSides) {
      const missing = specs.filter(({ spec }) => isMissing(result, spec.id, side));
      const [first] = missing;
      if (!first) continue;
      plan.signal.throwIfAborted();
      plan.say(
        `${nameOf(plan, side)}: ${missing.length} specs on ${baseOf(first.on).slice(0, 12)}`,
      );
      const { summary, folder, forget } = await runTrial(trialOf(plan, side, first.on, missing));
      const ended = new Map(
        endedIn(summary, readNodes(folder).nodes, plan.agent).map((one) => [one.id, one.outcome]),
      );
      const exams = examsIn(summary, await trialNight(folder), plan.agent);
      result = withOutcomes(result, side, ended, exams);
      keep(result);
      if ([...ended.values()].some(({ broken }) => broken !== undefined)) forget();
      for (const [id, { accepted, broken, reason }] of ended) {
        const word = broken !== undefined ? 'broken' : accepted ? 'accepted' : 'not accepted';
        plan.say(`  ${id}: ${word}${accepted ? '' : `, ${reason}`}`);
      }
    }
  }
  return result;
};

const nameOf = ({ agent, candidate, incumbent }: EvalPlan, side: EvalSide): string =>
  side === 'candidate' ? `${agent}@${candidate.version}` : incumbent.name;

const isMissing = ({ cases }: EvalResult, id: string, side: EvalSide): boolean => {
  const outcome = cases.find((one) => one.id === id)?.[side];
  return outcome === undefined || outcome.broken !== undefined;
};

/** A result in which nothing was worked yet. */
export const emptyResult = (plan: EvalPlan, evaluator: string): EvalResult => {
  const { agent, candidate, incumbent, profile, heldOut, startedAt, specs } = plan;
  return {
    version: 1,
    ...{ agent, candidate, incumbent, profile, evaluator, heldOut, startedAt },
    cases: specs.map(({ kind, spec, on }) => ({
      ...{ id: spec.id, kind, spec: specDigest(spec), base: baseOf(on) },
    })),
  };
};

/** Where the agent reviews, its exams are guard cases: what it may not lose. */
const examsIn = (
  { reviewers }: Summary,
  { flows }: Night,
  agent: string,
): readonly (Ended & { readonly digest: string })[] =>
  reviewers.flatMap(({ flow, exams }) =>
    exams
      .filter(
        ({ reviewer }) => flows[flow]?.nodes.find(({ id }) => id === reviewer)?.agent === agent,
      )
      .map(({ reviewer, kind, passed, broken, falseApprovals, falseRejections }) => ({
        id: `exam-${flow}-${reviewer}-${kind}`,
        digest: digestOf({ flow, reviewer, kind }),
        outcome: {
          accepted: passed,
          ...(broken !== undefined && { broken }),
          reason: `${falseApprovals} false approvals, ${falseRejections} false rejections`,
          units: { approved: 0, red: 0, skipped: 0 },
          tokens: { prompt: 0, cached: 0, completion: 0 },
          seconds: 0,
        },
      })),
  );

const withOutcomes = (
  result: EvalResult,
  side: EvalSide,
  ended: ReadonlyMap<string, SideOutcome>,
  exams: readonly (Ended & { readonly digest: string })[],
): EvalResult => {
  const known = new Set(result.cases.map(({ id }) => id));
  const fresh = exams
    .filter(({ id }) => !known.has(id))
    .map(({ id, digest }): EvalCase => ({ id, kind: 'guard', spec: digest, base: 'exam' }));
  const outcomes = new Map([...ended, ...exams.map((exam) => [exam.id, exam.outcome] as const)]);
  return {
    ...result,
    cases: [...result.cases, ...fresh].map((one) => {
      const outcome = outcomes.get(one.id);
      return outcome === undefined ? one : { ...one, [side]: outcome };
    }),
  };
};
