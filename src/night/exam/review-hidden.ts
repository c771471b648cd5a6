// SPDX-License-Identifier: GPL-3.0-only
import { makeOnce } from '../../data/make-once.ts';
import { once } from '../../data/memoise.ts';
import { messageOf } from '../../data/message-of.ts';
import type { ExamCase } from '../../review/exam/exam-case.ts';
import type { NodeEnd } from '../run/run-step.ts';
import { runStep, skipStep } from '../run/run-step.ts';
import { type RunNodeAfter, runNodeAfter, settleAll, stepOf, whySkipped } from '../run/run-unit.ts';
import { drawn, hiddenId } from './hidden-units.ts';

/**
 * Runs nodes as a night does, and has each reviewer of a host judge a hidden patch as well, before the unit or
 * after it. Its bundles have a unit of their own, which is in no plan: the gate never reads them.
 */
export const reviewHidden = (hosts: readonly string[]): RunNodeAfter => {
  const isHost = new Set(hosts);
  const composed = new Map<string, Promise<ExamCase | Error>>();
  // Whoever reviews no hidden patch loads nothing for it.
  const patches = once(() => import('./hidden-patch.ts'));
  return async (planned, node, ends, overlays) => {
    const { flow, spec, unit, session } = planned;
    const live = (): Promise<NodeEnd> => runNodeAfter(planned, node, ends, overlays);
    const isReview = flow.manifests.get(node.id)?.role === 'review';
    if (!isReview || !isHost.has(unit.id) || whySkipped(planned, node, ends) !== undefined) {
      return live();
    }
    const step = stepOf(planned, node, ends);
    const address = { ...step.address, unit: hiddenId(unit.id) };
    const examCase = session.traces.has(address)
      ? undefined
      : await makeOnce(composed, unit.id, async () =>
          (await patches()).composeHidden(planned, ends).catch(asError),
        );
    if (examCase instanceof Error) {
      const reason = `no patch could be made here: ${messageOf(examCase)}`;
      skipStep(session, address, { code: 'gate.no-hidden-patch', reason });
      return live();
    }
    const hidden = (): Promise<NodeEnd> =>
      runStep(session, {
        ...step,
        address,
        request: async () =>
          (await patches()).hiddenRequest(planned, node, ends, overlays, examCase as ExamCase),
      });
    const isFirst = drawn(session.night, spec.id, unit.id, node.id) % 2 === 0;
    const both = await settleAll((isFirst ? [hidden, live] : [live, hidden]).map((run) => run()));
    return both[isFirst ? 1 : 0] as NodeEnd;
  };
};

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));
