// SPDX-License-Identifier: GPL-3.0-only
import type { Unit } from '../../agent/schema.ts';
import type { GateConfig } from '../../config/schema.ts';
import { describeExam, passedExam } from '../../review/exam/exam-result.ts';
import { whyHalted } from '../../review/gate/gate.ts';
import { examKindsIn } from '../../review/gate/gate-terms.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { reviewersOf } from './freeze-terms.ts';

/**
 * Why nothing of these units could be opened tonight, whatever the work came to: the reviewers have no vote on
 * any file that they may change. `paths` gives those of the base, sorted.
 */
export const whyNoVote = (
  flow: RunnableFlow,
  units: readonly Pick<Unit, 'kind' | 'paths'>[],
  paths: () => readonly string[],
  gate: GateConfig,
): string | undefined => {
  const { independence, standing, exams } = flow.terms;
  if (!independence.independent) return independence.reason;
  const reviewers = reviewersOf(flow);
  const failed = (kind: string): string | undefined =>
    exams
      .filter((result) => result.kind === kind && !passedExam(result, gate.exam))
      .flatMap((result) =>
        reviewers
          .filter(([, { runtime }]) => runtime.digest === result.runtime)
          .map(([reviewer]) => `${reviewer} ${describeExam(result, gate.exam)}`),
      )[0];
  if (exams.every((result) => passedExam(result, gate.exam))) return whyHalted(standing, gate);
  const all = paths();
  const reasons = units.flatMap(({ kind, paths: own }) =>
    (kind === 'file' ? examKindsIn(own, own) : examKindsIn(all, own)).map(failed),
  );
  const isLost = reasons.every((reason) => reason !== undefined);
  return (isLost ? reasons[0] : undefined) ?? whyHalted(standing, gate);
};
