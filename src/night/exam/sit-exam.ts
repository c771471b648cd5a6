// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import { examResultOf, isExamLost } from '../../review/exam/exam-result.ts';
import { faultsTonight, unfinishedExam } from '../../review/exam/kept-answers.ts';
import {
  latestExamResult,
  readExamResults,
  recordExamResults,
} from '../../review/exam/stored-results.ts';
import { extendLedger, readLedger } from '../../review/kappa/ledger.ts';
import type { ExamResult, Pair } from '../../review/schema.ts';
import {
  type ExamPaper,
  type ExamSetting,
  goOn,
  type PartExam,
  type Reviewer,
  type SatExam,
} from './examine.ts';

/** How often an exam is broken off in a night before it is not begun again. */
const mostFaults = 2;

/**
 * The results of a pair of reviewers for one kind, from the state folder where both have sat it
 * with what they run on; else both sit it now, and their joint answers join the ledger. What was judged
 * of an exam that broke off is kept, and goes on there on the same commit.
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
  const refused = givenUp(recorded, reviewers, paper);
  if (refused) {
    setting.say?.(`${refused.why}.`);
    return refused.results;
  }
  setting.say?.(`Examining the reviewers on ${2 * paper.patches} ${paper.kind} patches.`);
  const unfinished = reviewers.map(([, { runtime }]) =>
    unfinishedExam(recorded, runtime.digest, paper.kind),
  );
  // Nobody was shown that paper: an exam leaves no patch behind.
  const { seed } = unfinished.find((one) => one !== undefined) ?? paper;
  const sat = await bothOf(
    reviewers.map((reviewer, index) =>
      goOn(reviewer, { ...paper, seed }, setting, unfinished[index]),
    ),
  );
  const results = sat.map(({ result }) => result);
  if (results.some(({ broken }) => broken !== undefined)) {
    const kept = sat.map((one) => keptOf(one, paper));
    await recordExamResults(stateRoot, kept, setting.extend);
    for (const { ended } of sat) if (ended) throw ended.error;
    return results.map(({ kept: _, ...result }) => result);
  }
  // The results last: with them the exam counts as sat, and a torn write of pairs is not made good.
  await extendLedger(stateRoot, examPairs(sat), setting.extend);
  await recordExamResults(stateRoot, results, setting.extend);
  return results;
};

/** Of a pair both are kept: who had finished is not asked again either. */
const keptOf = (
  { result, answers, paper }: PartExam,
  { night = '', patches }: ExamPaper,
): ExamResult => {
  if (result.kept) return result;
  const { runtime, kind, seed } = result;
  const said = answers.map(({ id, verdict, unanswered }) => [
    id,
    unanswered === undefined ? verdict : { unanswered },
  ]);
  return {
    ...examResultOf([], { runtime, kind, seed }),
    of: 2 * patches,
    broken: 'the exam of the other reviewer broke off',
    kept: { night, paper, fault: false, answers: Object.fromEntries(said) },
  };
};

/** Why an exam is not begun again tonight: it broke off too often. */
const givenUp = (
  recorded: readonly ExamResult[],
  reviewers: readonly [Reviewer, Reviewer],
  { kind, seed, night, patches }: ExamPaper,
) => {
  const faults = reviewers.map(
    ([
      node,
      {
        runtime: { digest },
      },
    ]) => ({
      node,
      times: night === undefined ? 0 : faultsTonight(recorded, digest, kind, night),
      last: unfinishedExam(recorded, digest, kind)?.broken,
    }),
  );
  const worst = faults.find(({ times }) => times >= mostFaults);
  if (!worst) return undefined;
  const why = `the ${kind} exam of ${worst.node} broke off ${worst.times} times tonight and is not begun again: ${worst.last}`;
  const results = reviewers.map(([, { runtime }]) => ({
    ...examResultOf([], { runtime: runtime.digest, kind, seed }),
    of: 2 * patches,
    broken: why,
  }));
  return { why, results };
};

/** An exam that ended early was lost by the lines of that night; by today's it may not be. */
const isSettled = (result: ExamResult, { patches }: ExamPaper, { exam }: GateConfig): boolean =>
  result.of === undefined || isExamLost(result, { good: patches, bad: patches }, exam);

/** At once, each on its own engine; a fault of one leaves nothing of the other behind. */
const bothOf = async (
  exams: readonly Promise<PartExam>[],
): Promise<readonly [PartExam, PartExam]> => {
  await Promise.allSettled(exams);
  const [a, b] = await Promise.all(exams);
  return [a as PartExam, b as PartExam];
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
