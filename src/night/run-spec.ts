// SPDX-License-Identifier: GPL-3.0-only
import type PQueue from 'p-queue';
import { z } from 'zod';
import { type Output, type Unit, unitSchema } from '../agent/schema.ts';
import type { FlowNode } from '../flow/schema.ts';
import { createOverlay } from '../workspace/overlay.ts';
import type { Collected } from './records.ts';
import { runGate } from './run-gate.ts';
import type { Actor, NodeRequest } from './run-node.ts';
import { runUnit, settleAll } from './run-unit.ts';
import { handsOf, type Session, type Stage } from './session.ts';
import { type NodeEnd, skip, step } from './step.ts';

/** The unit of entry and output nodes. */
export const specUnit: Unit = { id: '_spec', kind: 'spec', paths: [] };

const planSchema = z.object({ units: z.array(unitSchema) });

/** How a spec left the flow: planned or not, and what the output node said. */
export type SpecEnd = { readonly plan: NodeEnd; readonly gate: NodeEnd };

/** Plans a spec, takes its units through the flow side by side, and asks the gate. */
export const runSpec = async (
  session: Session,
  collected: Collected,
  units: PQueue,
): Promise<SpecEnd> => {
  const stage = session.stages.get(collected.flow) as Stage;
  const plan = await runPlan(session, stage, collected);
  if (plan.status !== 'ok') {
    const why = plan.status === 'failed' ? plan.failure.message : plan.reason;
    const reason = `${stage.flow.entry} failed: ${why}`;
    return { plan, gate: skip(session, gateAddress(collected, stage), reason) };
  }
  const planned = plannedUnits(plan);
  const wanted = collected.only ? new Set(collected.only) : undefined;
  const mine = wanted ? planned.filter(({ id }) => wanted.has(id)) : planned;
  // Units already in the flow come before new specs, so that a night finishes what it holds.
  const priority = collected.spec.priority * 2 + 1;
  const running = mine.map((unit) =>
    units.add(
      () =>
        runUnit({ session, stage, spec: collected.spec, unit, plan: narrow(plan, unit), priority }),
      { priority },
    ),
  );
  await settleAll(running);
  const gate = await runGate({ session, stage, collected, units: mine, plan });
  session.traces.pack(collected.spec.id);
  session.identities.delete(collected.spec.id);
  return { plan, gate };
};

const gateAddress = ({ spec }: Collected, { flow }: Stage) => ({
  spec: spec.id,
  unit: specUnit.id,
  node: flow.output,
});

/** Runs the entry node. */
export const runPlan = (session: Session, stage: Stage, collected: Collected): Promise<NodeEnd> => {
  const { spec } = collected;
  const asked = planRequest(session, stage, collected);
  return step(session, {
    address: { spec: spec.id, unit: specUnit.id, node: asked.node },
    actor: asked.actor,
    priority: spec.priority * 2,
    inputs: [],
    retries: stage.order.find(({ id }) => id === stage.flow.entry)?.retries,
    request: async () => asked,
  });
};

/** The units of a plan that ended well. */
export const plannedUnits = ({ output }: Planned): readonly Unit[] =>
  planSchema.parse(output.result).units;

/** What the entry node is asked. */
export const planRequest = (
  session: Session,
  stage: Stage,
  { spec }: Collected,
): Omit<NodeRequest, 'signal'> => {
  const node = stage.order.find(({ id }) => id === stage.flow.entry) as FlowNode;
  const reach = { mayRead: () => true, mayWrite: () => false };
  return {
    actor: stage.actors.get(node.id) as Actor,
    node: node.id,
    input: { spec, unit: specUnit, inputs: {}, ...(node.with && { with: node.with }) },
    overlay: createOverlay(session.base, reach),
    reach,
    hands: handsOf(session, stage),
    ...(node.timeout !== undefined && { timeoutMs: node.timeout }),
  };
};

/** A plan that ended well. */
export type Planned = Extract<NodeEnd, { readonly status: 'ok' }>;

/** A unit is shown its own part of the plan: a thousand units must not carry a thousand units each. */
export const narrow = (plan: Planned, unit: Unit): Planned => {
  const output: Output = { ...plan.output, result: { units: [unit], files: unit.paths.length } };
  return { ...plan, output };
};
