// SPDX-License-Identifier: GPL-3.0-only
import type { HiddenSummary } from '../../morning/summary.ts';
import { examResultOf } from '../../review/exam/exam-result.ts';
import { formatAddress } from '../../trace/bundle.ts';
import type { HiddenAnswer, HiddenVerdicts } from '../exam/hidden-verdicts.ts';

/** What became of an exam's patches among a flow's units; nothing where there was none. */
export const summariseHidden = (hidden: readonly HiddenVerdicts[]): HiddenSummary | undefined => {
  const [first] = hidden;
  if (!first) return undefined;
  const answers = hidden.flatMap((patch) => patch.answers.map((answer) => ({ ...patch, answer })));
  const byReviewer = Map.groupBy(answers, ({ answer }) => answer.address.node);
  return {
    patches: hidden.length,
    bad: hidden.filter(({ truth }) => truth === 'bad').length,
    approvedByBoth: hidden.filter(
      (patch) =>
        patch.truth === 'bad' &&
        patch.answers.length === 2 &&
        patch.answers.every(({ verdict }) => verdict === 'approve'),
    ).length,
    reviewers: [...byReviewer].sort().map(([reviewer, all]) => {
      const judged = all.flatMap(({ truth, way, answer }) =>
        answer.verdict ? [{ id: '', truth, way, ...answer, verdict: answer.verdict }] : [],
      );
      const { runtime } = (all[0] as { readonly answer: HiddenAnswer }).answer;
      const { falseApprovals, falseRejections, unanswered } = examResultOf(judged, {
        ...{ runtime, kind: first.kind, seed: 0 },
      });
      const broken = all.length - judged.length;
      return {
        ...{ reviewer, falseApprovals, falseRejections },
        ...(unanswered && { unanswered }),
        ...(broken > 0 && { broken }),
      };
    }),
    wrong: answers
      .filter(
        ({ truth, answer: { verdict } }) =>
          verdict && (verdict === 'approve') !== (truth === 'good'),
      )
      .map(({ answer }) => formatAddress(answer.address)),
  };
};
