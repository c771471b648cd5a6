// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { NodeEnd } from '../run/run-step.ts';
import type { Session } from '../run/session.ts';
import { runSpec } from './run-spec.ts';

/** How many units of the node reached which end. */
export type NodeCounts = { readonly ok: number; readonly failed: number; readonly skipped: number };

/**
 * Runs one node of a decided night for every spec and unit that is ready for it, or for those of
 * `specs`: what one action does in a workflow. What failed travels in the bundles; later nodes read them.
 * @throws UserError when no flow of the night has that node.
 */
export const runOneNode = async (
  session: Session,
  nodeId: string,
  specs: readonly DecidedSpec[] = session.night.specs,
): Promise<NodeCounts> => {
  const counts = { ok: 0, failed: 0, skipped: 0 };
  const exists = [...session.flows.values()].some(({ order }) =>
    order.some(({ id }) => id === nodeId),
  );
  await Promise.all(
    specs.map(async (decided) => {
      const flow = session.flows.get(decided.flow);
      const node = flow?.order.find(({ id }) => id === nodeId);
      if (!node || decided.skip !== undefined) return;
      const onEnd = ({ status }: NodeEnd): void => {
        counts[status] += 1;
      };
      await runSpec(session, decided, { node, onEnd });
    }),
  );
  if (exists) return counts;
  const ids = [...session.flows.values()].flatMap(({ order }) => order.map(({ id }) => id));
  throw new UserError(
    `no flow of night ${session.night.id} has a node "${nodeId}"; there are ${[...new Set(ids)].join(', ')}`,
  );
};
