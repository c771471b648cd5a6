// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { ExamCase } from '../../review/exam/exam-case.ts';
import {
  brokenCodes,
  type ExamAnswer,
  examResultOf,
  isExamLost,
} from '../../review/exam/exam-result.ts';
import { type ReviewerAnswer, runExam } from '../../review/exam/run-exam.ts';
import {
  latestExamResult,
  readExamResults,
  recordExamResults,
} from '../../review/exam/stored-results.ts';
import { extendLedger, readLedger } from '../../review/kappa/ledger.ts';
import type { ExamKind, ExamResult, Pair } from '../../review/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { ExtendJournal } from '../../trace/journal.ts';
import { treeIndexOf } from '../../workspace/tree-index.ts';
import type { BoundModelAgent } from '../open/bound-agent.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import { runNode } from '../run/run-node.ts';
import { requestOf } from '../run/run-unit.ts';
import type { AskingSession } from '../run/session.ts';
import { examSources, maySeeAll } from './exam-sources.ts';
import { examUnit, looksOf } from './exam-unit.ts';

/** A reviewer by its node's id. */
export type Reviewer = readonly [string, BoundModelAgent];

export type ExamSetting = {
  readonly session: AskingSession;
  /** The flow whose reviewers they are. */
  readonly flow: BoundFlow;
  readonly signal: AbortSignal;
  /** Ends an exam as soon as it cannot be passed; otherwise every patch is judged. */
  readonly untilLost?: boolean;
  /** How its results and pairs are written. */
  readonly extend?: ExtendJournal;
  /** Told before an exam that takes a while, and how far it is. */
  readonly say?: (line: string) => void;
};

export type ExamPaper = {
  readonly kind: ExamKind;
  readonly seed: number;
  /** The night's own specs. */
  readonly queue: readonly Spec[];
  /** Only in the ways that people may see: a night's own exam leaves no patch behind. */
  readonly shown?: boolean;
  /** Good patches, and as many bad ones. */
  readonly patches: number;
};

export type SatExam = { readonly result: ExamResult; readonly answers: readonly ExamAnswer[] };

/** How often one patch is put to an engine that fails before the exam is broken off. */
const mostAttempts = 2;
/** A person hears how far an exam is this often. */
const tellEveryMs = 15_000;

/**
 * Puts the patches of an exam to a reviewer through the same loop as a night, as many at once as its
 * engine has slots. An engine that fails breaks it off: that says nothing about the reviewer.
 */
export const examine = async (
  [node, agent]: Reviewer,
  { patches, queue, ...paper }: ExamPaper,
  setting: ExamSetting,
): Promise<SatExam> => {
  const { runtime } = agent;
  const { base, chores, config } = setting.session;
  const began = performance.now();
  let told = began;
  const [offered, seesAll] = [await chores(), await maySeeAll(base)];
  try {
    return await runExam({
      ...paper,
      sources: await examSources(base),
      chores: offered,
      isMeant: (chore) => seesAll || offered.all.get(chore)?.manifest.context.length === 0,
      paths: treeIndexOf(base).files(),
      looks: looksOf(queue, setting.flow),
      good: patches,
      bad: patches,
      runtime: runtime.digest,
      atOnce: runtime.probe.slots,
      ...(setting.untilLost && { lines: config.gate.exam }),
      askReviewer: (examCase, signal) => ask([node, agent], examCase, setting, signal),
      onAnswer: (answered, of) => {
        if (performance.now() - told < tellEveryMs) return;
        told = performance.now();
        const left = timeLeft(told - began, answered, of);
        setting.say?.(`${node}: ${answered} of ${of} ${paper.kind} patches judged; ${left}.`);
      },
    });
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    const { kind, seed } = paper;
    const nothing = examResultOf([], { runtime: runtime.digest, kind, seed });
    return { result: { ...nothing, of: 2 * patches, broken: error.message }, answers: [] };
  }
};

/** How long the rest takes at the speed of those before [ms], as a person says it; a lost exam ends sooner. */
export const timeLeft = (elapsed: number, answered: number, of: number): string => {
  const minutes = (elapsed * (of - answered)) / Math.max(1, answered) / 60_000;
  if (minutes < 1) return 'less than a minute left';
  return minutes < 90
    ? `at most ${Math.ceil(minutes)} minutes left`
    : `at most ${Math.ceil(minutes / 60)} hours left`;
};

class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** A reviewer that cannot answer has not approved. @throws BrokenOff when nobody could have. */
const ask = async (
  [id, agent]: Reviewer,
  examCase: ExamCase,
  setting: ExamSetting,
  ended: AbortSignal,
): Promise<ReviewerAnswer> => {
  const signal = AbortSignal.any([setting.signal, ended]);
  const { asked, before, overlays } = await examUnit(setting, examCase);
  const node = setting.flow.order.find((one) => one.id === id) as FlowNode;
  for (let attempt = 1; ; attempt += 1) {
    const run = await runNode({
      ...(await requestOf(asked, node, before, overlays)),
      agent,
      signal,
    });
    const { review, failure } = run;
    if (!failure || !brokenCodes.has(failure.code)) {
      return review?.verdict ?? { unanswered: failure?.code ?? 'declined' };
    }
    if (attempt >= mostAttempts) throw new BrokenOff(failure.message);
  }
};

/**
 * The results of a pair of reviewers for one kind, from the state folder where both have sat it
 * with what they run on; else both sit it now, and their joint answers join the ledger.
 */
export const sitExam = async (
  stateRoot: string,
  reviewers: readonly [Reviewer, Reviewer],
  paper: ExamPaper,
  setting: ExamSetting,
): Promise<readonly ExamResult[]> => {
  const recorded = await readExamResults(stateRoot);
  const cached = reviewers.map(([, { runtime }]) => {
    const result = latestExamResult(recorded, runtime.digest, paper.kind);
    return result && isSettled(result, paper, setting.session.config.gate) ? result : undefined;
  });
  const [first, second] = cached;
  if (first && second && (await satTogether(stateRoot, first, second))) return [first, second];
  setting.say?.(`Examining the reviewers on ${2 * paper.patches} ${paper.kind} patches.`);
  const sat = await bothOf(reviewers.map((reviewer) => examine(reviewer, paper, setting)));
  const results = sat.map(({ result }) => result);
  // Nothing is kept of an exam that broke off, so that both sit it another night.
  if (results.some(({ broken }) => broken !== undefined)) return results;
  // The results last: with them the exam counts as sat, and a torn write of pairs is not made good.
  await extendLedger(stateRoot, examPairs(sat), setting.extend);
  await recordExamResults(stateRoot, results, setting.extend);
  return results;
};

/** An exam that ended early was lost by the lines of that night; by today's it may not be. */
const isSettled = (result: ExamResult, { patches }: ExamPaper, { exam }: GateConfig): boolean =>
  result.of === undefined || isExamLost(result, { good: patches, bad: patches }, exam);

/** At once, each on its own engine; a fault of one leaves nothing of the other behind. */
const bothOf = async (exams: readonly Promise<SatExam>[]): Promise<readonly [SatExam, SatExam]> => {
  await Promise.allSettled(exams);
  const [a, b] = await Promise.all(exams);
  return [a as SatExam, b as SatExam];
};

/** Results of exams sat with other partners say nothing of how far these two agree. */
const satTogether = async (stateRoot: string, a: ExamResult, b: ExamResult): Promise<boolean> => {
  const pairs = await readLedger(stateRoot);
  return pairs.some(
    ({ source, spec, runtimes, truth }) =>
      source === 'exam' &&
      truth !== undefined &&
      spec === a.kind &&
      runtimes.includes(a.runtime) &&
      runtimes.includes(b.runtime),
  );
};

const examPairs = ([a, b]: readonly [SatExam, SatExam]): readonly Pair[] =>
  a.answers.flatMap(({ id, verdict, truth }, index) => {
    const other = b.answers[index];
    if (other?.id !== id) return [];
    const pair: Pair = {
      source: 'exam',
      night: `seed-${a.result.seed}`,
      spec: a.result.kind,
      unit: id,
      runtimes: [a.result.runtime, b.result.runtime],
      verdicts: [verdict, other.verdict],
      truth,
    };
    return [pair];
  });
