// SPDX-License-Identifier: GPL-3.0-only
import type { KeptEval } from '../../learn/eval/kept-eval.ts';
import type { EvalResult } from '../../learn/eval/result.ts';
import { type EvalPlan, evaluatorOf } from './evaluate-agent.ts';

/** Whether what was kept compares the same by what judges now, on whatever specs. @throws UserError as a night does. */
export const isSameComparison = async (
  { result, specs }: KeptEval,
  plan: EvalPlan,
): Promise<boolean> =>
  result.profile === plan.profile &&
  result.candidate.adapter === plan.candidate.adapter &&
  result.incumbent.name === plan.incumbent.name &&
  result.incumbent.adapter === plan.incumbent.adapter &&
  result.evaluator === (await evaluatorOf({ ...plan, specs }));

/** A result with the outcomes of an earlier one where the specs and their files are the same, and with its exams. */
export const withWorked = (fresh: EvalResult, before: EvalResult): EvalResult => {
  const worked = new Map(before.cases.map((one) => [one.id, one]));
  const ids = new Set(fresh.cases.map(({ id }) => id));
  return {
    ...fresh,
    cases: [
      ...fresh.cases.map((one) => {
        const old = worked.get(one.id);
        return old?.spec === one.spec && old.base === one.base ? { ...old, kind: one.kind } : one;
      }),
      ...before.cases.filter(({ id, base }) => base === 'exam' && !ids.has(id)),
    ],
  };
};
