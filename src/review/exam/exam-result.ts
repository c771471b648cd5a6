// SPDX-License-Identifier: GPL-3.0-only
import type { Failure } from '../../agent/schema.ts';
import type { GateConfig } from '../../config/schema.ts';
import type { ExamKind, ExamResult, Pair, Truth, Verdict } from '../schema.ts';

/** Faults of what surrounds a reviewer; one that runs out of time or steps is at fault itself. */
export const brokenCodes: ReadonlySet<Failure['code']> = new Set([
  'engine',
  'sandbox',
  'dependencies',
  'defect',
]);

/** One answered exam patch. */
export type ExamAnswer = {
  readonly id: string;
  readonly truth: Truth;
  /** How the patch was made, for example `drop-line`. */
  readonly way: string;
  readonly verdict: Verdict;
  /** Code of the failure that stands for a rejection. */
  readonly unanswered?: string;
};

/** Counts the answers of one reviewer; recall and precision are about rejecting bad patches. */
export const examResultOf = (
  answers: readonly ExamAnswer[],
  { runtime, kind, seed }: { runtime: string; kind: ExamKind; seed: number },
): ExamResult => {
  const count = (truth: Truth, verdict: Verdict): number =>
    answers.filter((answer) => answer.truth === truth && answer.verdict === verdict).length;
  const caught = count('bad', 'reject');
  const falseApprovals = count('bad', 'approve');
  const falseRejections = count('good', 'reject');
  const good = falseRejections + count('good', 'approve');
  const bad = caught + falseApprovals;
  return {
    runtime,
    kind,
    seed,
    good,
    bad,
    falseApprovals,
    falseRejections,
    ...sharesOf(caught, bad, falseRejections),
    ...unansweredIn(answers),
  };
};

/**
 * A result with what its reviewer has said since of hidden patches of that kind. One of an exam that ended early
 * or broke off stays as it is: it has no vote to lose.
 */
export const withHidden = (result: ExamResult, pairs: readonly Pair[]): ExamResult => {
  const { runtime, kind, seed, of, broken, unanswered } = result;
  const said = pairs.flatMap(({ source, spec, runtimes, verdicts, truth }) => {
    const verdict = verdicts[runtimes.indexOf(runtime)];
    const isMeant = source === 'hidden' && spec === kind;
    return isMeant && truth && verdict ? [{ id: '', way: '', truth, verdict }] : [];
  });
  if (of !== undefined || broken !== undefined || said.length === 0) return result;
  const hidden = examResultOf(said, { runtime, kind, seed });
  const [good, bad] = [result.good + hidden.good, result.bad + hidden.bad];
  const falseApprovals = result.falseApprovals + hidden.falseApprovals;
  const falseRejections = result.falseRejections + hidden.falseRejections;
  return {
    ...{ runtime, kind, seed, good, bad, falseApprovals, falseRejections },
    ...sharesOf(bad - falseApprovals, bad, falseRejections),
    ...(unanswered && { unanswered }),
    hidden: said.length,
  };
};

const unansweredIn = (answers: readonly ExamAnswer[]): Pick<ExamResult, 'unanswered'> => {
  const codes = answers.flatMap(({ unanswered = [] }) => unanswered);
  const counts = [...Map.groupBy(codes, (code) => code)].map(
    ([code, all]) => [code, all.length] as const,
  );
  return counts.length === 0 ? {} : { unanswered: Object.fromEntries(counts.sort()) };
};

/** ` (no verdict on 20: 18 repeat, 2 schema)`; nothing where each patch got one. */
export const describeUnanswered = ({ unanswered = {} }: Pick<ExamResult, 'unanswered'>): string => {
  const counts = Object.entries(unanswered);
  if (counts.length === 0) return '';
  const total = counts.reduce((sum, [, amount]) => sum + amount, 0);
  return ` (no verdict on ${total}: ${counts.map(([code, amount]) => `${amount} ${code}`).join(', ')})`;
};

/** Of nothing caught, both are 0. */
const sharesOf = (
  caught: number,
  bad: number,
  falseRejections: number,
): Pick<ExamResult, 'recall' | 'precision'> => ({
  recall: bad === 0 ? 0 : caught / bad,
  precision: caught === 0 ? 0 : caught / (caught + falseRejections),
});

/**
 * Passed means both shares reached over the whole exam; one without good or without bad patches
 * shows nothing.
 */
export const passedExam = (result: ExamResult, lines: GateConfig['exam']): boolean =>
  result.of === undefined &&
  result.good > 0 &&
  result.bad > 0 &&
  result.recall >= lines.recall &&
  result.precision >= lines.precision;

/** Whether these answers can no longer come to a pass, were all those still to come right. */
export const isExamLost = (
  { falseApprovals, falseRejections, of: _, ...result }: ExamResult,
  whole: { readonly good: number; readonly bad: number },
  lines: GateConfig['exam'],
): boolean => {
  const best = {
    ...result,
    ...whole,
    falseApprovals,
    falseRejections,
    ...sharesOf(whole.bad - falseApprovals, whole.bad, falseRejections),
  };
  return !passedExam(best, lines);
};

/** How a reviewer fared, as a clause: `failed the docs exam after 25 of 200 patches: ...`. */
export const describeExam = (result: ExamResult, lines: GateConfig['exam']): string => {
  const { kind, good, bad, of, broken, hidden, falseApprovals, falseRejections } = result;
  if (broken !== undefined) return `could not finish the ${kind} exam: ${broken}`;
  const judged = good + bad;
  const early = of === undefined ? '' : ` after ${judged} of ${of} patches`;
  const asked = hidden === undefined ? early : `, ${hidden} of ${judged} patches among live units`;
  return `${passedExam(result, lines) ? 'passed' : 'failed'} the ${kind} exam${asked}: ${falseApprovals} bad patches approved, ${falseRejections} good ones rejected${describeUnanswered(result)}`;
};

/** Answers and mistakes by way of making, sorted by name. */
export const countsByWay = (
  answers: readonly ExamAnswer[],
): readonly { way: string; truth: Truth; patches: number; wrong: number }[] => {
  const groups = Map.groupBy(answers, ({ truth, way }) => `${truth} ${way}`);
  return [...groups.values()]
    .map((group) => ({
      way: group[0]?.way ?? '',
      truth: group[0]?.truth ?? 'bad',
      patches: group.length,
      wrong: group.filter(({ truth, verdict }) => (verdict === 'approve') !== (truth === 'good'))
        .length,
    }))
    .sort((a, b) => (a.truth + a.way < b.truth + b.way ? -1 : 1));
};
