// SPDX-License-Identifier: GPL-3.0-only
import type { GateConfig } from '../../config/schema.ts';
import type { ExamResult, Verdict } from '../schema.ts';
import { composeExam, type ExamOptions } from './compose-exam.ts';
import type { ExamCase } from './exam-case.ts';
import { type ExamAnswer, examResultOf, isExamLost } from './exam-result.ts';

/** A verdict, or the code of the failure in its place: what is not approved is rejected. */
export type ReviewerAnswer = Verdict | { readonly unanswered: string };

export type ExamRun = ExamOptions & {
  /** What is asked when the exam has ended early is given up: its signal aborts. */
  readonly askReviewer: (examCase: ExamCase, signal: AbortSignal) => Promise<ReviewerAnswer>;
  /** Of what answers. */
  readonly runtime: string;
  /** How many patches are asked about at once; default 1. */
  readonly atOnce?: number;
  /** Where it is given, the exam ends as soon as it cannot be passed any more. */
  readonly lines?: GateConfig['exam'];
  /** Answers to patches of this paper that are there already, by patch: these are not asked again. */
  readonly answered?: (cases: readonly ExamCase[]) => ReadonlyMap<string, ReviewerAnswer>;
  /** Told after each answer how many there are. */
  readonly onAnswer?: (answered: number, of: number) => void;
};

export type ExamEnd = {
  readonly result: ExamResult;
  readonly answers: readonly ExamAnswer[];
  /** Where `askReviewer` threw: what, and all that was answered until then, by patch. */
  readonly failure?: {
    readonly error: unknown;
    readonly said: Readonly<Record<string, ReviewerAnswer>>;
  };
};

/**
 * Asks a reviewer about the patches of an exam. Its answers are read in the exam's order, whichever
 * came first, so that the result is the same however many are asked at once.
 */
export const runExam = async (run: ExamRun): Promise<ExamEnd> => {
  const { runtime, kind, seed, lines, atOnce = 1, onAnswer, askReviewer } = run;
  const cases = await composeExam(run);
  const whole = sizesOf(cases);
  const before = run.answered?.(cases);
  const verdicts = new Map(
    cases.flatMap(({ id }, index): [number, ReviewerAnswer][] => {
      const said = before?.get(id);
      return said === undefined ? [] : [[index, said]];
    }),
  );
  const answers: ExamAnswer[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  let next = 0;
  let failure: { readonly error: unknown } | undefined;

  const result = (): ExamResult => examResultOf(answers, { runtime, kind, seed });
  const readInOrder = (): void => {
    for (;;) {
      const asked = verdicts.get(answers.length);
      const examCase = cases[answers.length];
      if (asked === undefined || !examCase || signal.aborted) return;
      const { id, truth, way } = examCase;
      const verdict = typeof asked === 'string' ? asked : 'reject';
      answers.push({ id, truth, way, verdict, ...(typeof asked !== 'string' && asked) });
      if (lines && verdict !== rightFor(truth) && isExamLost(result(), whole, lines)) {
        controller.abort();
      }
    }
  };
  const ask = async (): Promise<void> => {
    for (let index = next; index < cases.length && !signal.aborted; index = next) {
      next += 1;
      if (verdicts.has(index)) continue;
      try {
        verdicts.set(index, await askReviewer(cases[index] as ExamCase, signal));
      } catch (error) {
        if (signal.aborted) return;
        failure = { error };
        controller.abort();
        return;
      }
      readInOrder();
      onAnswer?.(verdicts.size, cases.length);
    }
  };
  readInOrder();
  await Promise.all(Array.from({ length: Math.max(1, Math.min(atOnce, cases.length)) }, ask));
  const early = answers.length < cases.length && { of: cases.length };
  const end = { result: { ...result(), ...early }, answers };
  if (!failure) return end;
  const said = [...verdicts].map(([index, answer]) => [(cases[index] as ExamCase).id, answer]);
  return { ...end, failure: { ...failure, said: Object.fromEntries(said) } };
};

const rightFor = (truth: ExamAnswer['truth']): Verdict => (truth === 'good' ? 'approve' : 'reject');

const sizesOf = (cases: readonly ExamCase[]): { readonly good: number; readonly bad: number } => {
  const good = cases.filter(({ truth }) => truth === 'good').length;
  return { good, bad: cases.length - good };
};
