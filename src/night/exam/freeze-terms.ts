// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import { sha256 } from '../../data/digest.ts';
import { makeOnce } from '../../data/make-once.ts';
import type { Summary } from '../../morning/summary.ts';
import { describeExam, passedExam, withHidden } from '../../review/exam/exam-result.ts';
import { examKindsIn } from '../../review/gate/gate-terms.ts';
import { independenceOf } from '../../review/gate/independence.ts';
import { examPairsOf, readPairsBefore, windowOf } from '../../review/kappa/ledger.ts';
import { formatStanding, standingOf } from '../../review/kappa/reviewer-standing.ts';
import type { ExamKind, ExamResult, GateTerms } from '../../review/schema.ts';
import type { BoundModelAgent } from '../open/bound-agent.ts';
import { type BoundFlow, engineFaultOf, type RunnableFlow } from '../open/open-flow.ts';
import type { Night } from '../record/night-schemas.ts';
import type { SessionParts } from '../run/open-session.ts';
import { examSession } from './exam-unit.ts';
import type { ExamSetting } from './examine.ts';
import { sitExam } from './sit-exam.ts';

const examPatches = 100;

/** A paper of its own for each commit and night: nobody can have learned it. */
const seedOf = ({ id, base }: Pick<Night, 'id' | 'base'>): number =>
  Number.parseInt(sha256(`${base.commit} ${id}`).slice(0, 8), 16);

/** What is known before the first node runs. */
export type FreezeOptions = Pick<
  SessionParts,
  'night' | 'base' | 'setup' | 'state' | 'executor' | 'signal'
> &
  Pick<ExamSetting, 'say' | 'extend'>;

/** A flow's two reviewers, by node id. */
export const reviewersOf = (flow: BoundFlow): readonly (readonly [string, BoundModelAgent])[] =>
  [...flow.agents].flatMap(([node, agent]) =>
    agent.agent.manifest.role === 'review' && 'runtime' in agent ? [[node, agent] as const] : [],
  );

/** Exams by reviewers and kind: flows may share them, and one that broke off is not sat again for each. */
type SatTonight = Map<string, Promise<readonly ExamResult[]>>;

/**
 * Freezes the gate's terms for a flow when its night begins: each reviewer's exam for the kinds of
 * file tonight's specs may touch, their independence, and how far they agreed so far.
 */
export const openTerms = (run: FreezeOptions): ((flow: BoundFlow) => Promise<GateTerms>) => {
  const { gate } = run.setup.config;
  const tonight: SatTonight = new Map();
  return async (flow) => {
    const [first, second] = reviewersOf(flow);
    if (!first || !second) {
      return {
        exams: [],
        independence: { independent: false, reason: 'the reviewers are not both model agents' },
        standing: standingOf([], gate),
      };
    }
    // Other flows may share these reviewers. Their exams too come before anybody reads the window: a
    // night that is resumed finds all of them sat.
    for (const other of run.setup.flows.values()) await sitExams(run, other, tonight);
    const sat = await sitExams(run, flow, tonight);
    const pairs = await readPairsBefore(run.state.root, run.night.id);
    const exams = sat.map((result) => withHidden(result, pairs));
    for (const line of new Set(withoutVote(flow, exams, gate))) run.say?.(line);
    const [a, b] = [first[1].runtime, second[1].runtime];
    const pair = [a.digest, b.digest] as const;
    return {
      exams,
      independence: independenceOf(a.probe.identity, b.probe.identity),
      standing: standingOf(windowOf(pairs, pair, gate.kappa), gate, examPairsOf(pairs, pair)),
    };
  };
};

/** A line for each exam that was not passed: what that reviewer approves tonight counts for nothing. */
const withoutVote = (
  flow: BoundFlow,
  exams: readonly ExamResult[],
  gate: GateConfig,
): readonly string[] =>
  reviewersOf(flow).flatMap(([reviewer, { runtime }]) =>
    exams
      .filter((result) => result.runtime === runtime.digest && !passedExam(result, gate.exam))
      .map(
        (result) =>
          `${flow.definition.name}: ${reviewer} ${describeExam(result, gate.exam)}. It has no vote tonight.`,
      ),
  );

/** The exams that a flow's specs ask of its reviewers, sat now where nobody has. */
const sitExams = async (
  run: FreezeOptions,
  flow: BoundFlow,
  tonight: SatTonight,
): Promise<readonly ExamResult[]> => {
  const [first, second] = reviewersOf(flow);
  if (!first || !second || engineFaultOf(flow) !== undefined) return [];
  const exams: ExamResult[] = [];
  const setting = {
    session: examSession(run),
    flow,
    signal: run.signal,
    untilLost: true,
    ...(run.say && { say: run.say }),
    ...(run.extend && { extend: run.extend }),
  };
  const queue = run.night.specs.map(({ spec }) => spec);
  for (const kind of kindsTonight(run, flow)) {
    const paper = {
      kind,
      seed: seedOf(run.night),
      night: run.night.id,
      queue,
      patches: examPatches,
    };
    const key = `${first[1].runtime.digest} ${second[1].runtime.digest} ${kind}`;
    const sit = () => sitExam(run.state.root, [first, second], paper, setting);
    exams.push(...(await makeOnce(tonight, key, sit)));
  }
  return exams;
};

const kindsTonight = (
  { night, base }: FreezeOptions,
  { definition: flow }: BoundFlow,
): readonly ExamKind[] => {
  const paths = [...base.entries.keys()].sort();
  const flowSpecs = night.specs.filter(
    (spec) => spec.flow === flow.name && spec.skip === undefined,
  );
  const kinds = flowSpecs.flatMap(({ spec }) => examKindsIn(paths, spec.scope));
  return [...new Set(kinds)].sort();
};

/** What the report says of each flow's reviewers. */
export const summariseReviewers = (
  flows: ReadonlyMap<string, RunnableFlow>,
  gate: GateConfig,
): Summary['reviewers'] =>
  [...flows].flatMap(([flow, { terms, ...bound }]) => {
    if (!terms) return [];
    const { kappa, ac1, raw, pairs, exam, state } = terms.standing;
    return {
      flow,
      state,
      kappa: kappa ?? null,
      ac1: ac1 ?? null,
      agreement: raw ?? null,
      pairs,
      ...(exam && { jointErrors: exam }),
      line: formatStanding(terms.standing),
      exams: reviewersOf(bound).flatMap(([reviewer, { runtime }]) =>
        terms.exams
          .filter((result) => result.runtime === runtime.digest)
          .map((result) => ({
            reviewer,
            kind: result.kind,
            passed: passedExam(result, gate.exam),
            asked: result.good + result.bad,
            of: result.of ?? result.good + result.bad,
            ...(result.broken !== undefined && { broken: result.broken }),
            falseApprovals: result.falseApprovals,
            falseRejections: result.falseRejections,
            ...(result.hidden !== undefined && { hidden: result.hidden }),
            ...(result.unanswered && { unanswered: result.unanswered }),
          })),
      ),
    };
  });
