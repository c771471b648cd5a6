// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { DecidedSpec } from '../record/night-record.ts';
import { leaveSpans } from '../run/leave-spans.ts';
import { narrow, type Planned, plannedUnits, runPlan } from '../run/run-plan.ts';
import { endOf, type NodeEnd, recallStep } from '../run/run-step.ts';
import { runNodeAfter } from '../run/run-unit.ts';
import type { Session } from '../run/session.ts';

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
      if (!flow || !node) return;
      if (decided.skip !== undefined) return;
      const ends = await runForSpec(session, flow, decided, node);
      for (const { status } of ends) counts[status] += 1;
    }),
  );
  if (exists) return counts;
  const ids = [...session.flows.values()].flatMap(({ order }) => order.map(({ id }) => id));
  throw new UserError(
    `no flow of night ${session.night.id} has a node "${nodeId}"; there are ${[...new Set(ids)].join(', ')}`,
  );
};

const runForSpec = async (
  session: Session,
  flow: RunnableFlow,
  decided: DecidedSpec,
  node: FlowNode,
): Promise<readonly NodeEnd[]> => {
  const { entry, output } = flow.definition;
  const { spec } = decided;
  if (node.id === entry) return [await runPlan(session, flow, decided)];
  const plan = recorded(session, spec.id, '_spec', entry);
  if (plan?.status !== 'ok') return [];
  const units = plannedUnits(plan).filter(
    ({ id }) => decided.only === undefined || decided.only.includes(id),
  );
  if (node.id === output) {
    const { runGate } = await import('../gate/run-gate.ts');
    const gate = await runGate({ session, flow, decided, units, plan });
    await leaveSpans(session, flow, decided);
    return [gate];
  }
  return Promise.all(
    units.map((unit) => {
      const done = recallStep(session, { spec: spec.id, unit: unit.id, node: node.id });
      if (done) return done;
      const endsBefore = new Map<string, NodeEnd>([[entry, narrow(plan, unit)]]);
      for (const id of flow.before.get(node.id) ?? []) {
        if (id !== entry)
          endsBefore.set(
            id,
            recorded(session, spec.id, unit.id, id) ?? missing(session, spec.id, id),
          );
      }
      const priority = spec.priority;
      const run = {
        session,
        flow,
        spec,
        unit,
        plan: narrow(plan, unit) as Planned,
        priority,
      };
      return runNodeAfter(run, node, endsBefore, new Map());
    }),
  );
};

/** A node that was skipped left no bundle, and neither did one whose job never ran. */
const missing = ({ absent }: Session, spec: string, node: string): NodeEnd => ({
  status: 'skipped',
  reason: absent?.(spec, node) ?? `${node} left no bundle`,
});

const recorded = (
  { traces }: Session,
  spec: string,
  unit: string,
  node: string,
): NodeEnd | undefined => {
  const bundle = traces.read({ spec, unit, node });
  return bundle && endOf(bundle);
};
