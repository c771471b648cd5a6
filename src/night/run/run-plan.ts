// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import {
  type LeftOut,
  leftOutSchema,
  type Output,
  type Unit,
  unitSchema,
} from '../../agent/schema.ts';
import { withReads } from '../../chore/unseen.ts';
import { UnusableFault } from '../../engine/contract/engine.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import { createOverlay, readOnly } from '../../workspace/overlay.ts';
import type { BoundAgent, NodeRequest } from '../open/bound-agent.ts';
import { type BoundFlow, engineFaultOf, type RunnableFlow } from '../open/open-flow.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import { type NodeEnd, runStep } from './run-step.ts';
import { type AskingSession, requestParts, type Session } from './session.ts';

/** The unit of entry and output nodes. */
export const specUnit: Unit = { id: '_spec', kind: 'spec', paths: [] };

const planSchema = z.object({
  units: z.array(unitSchema),
  left: z.array(leftOutSchema).default([]),
  notices: z.array(z.string()).default([]),
});

/** Runs the entry node; where an engine of the flow cannot be used it fails with why. */
export const runPlan = (
  session: Session,
  flow: RunnableFlow,
  decided: DecidedSpec,
): Promise<NodeEnd> => {
  const { spec } = decided;
  const asked = planRequest(session, flow, decided);
  return runStep(session, {
    address: { spec: spec.id, unit: specUnit.id, node: asked.node },
    agent: asked.agent,
    priority: spec.priority * 2,
    inputs: [],
    retries: flow.order.find(({ id }) => id === flow.definition.entry)?.retries,
    request: async () => {
      const fault = engineFaultOf(flow);
      if (fault !== undefined) throw new UnusableFault(fault);
      return asked;
    },
  });
};

/** What the entry node is asked. */
export const planRequest = (
  session: Session,
  flow: RunnableFlow,
  { spec }: DecidedSpec,
): Omit<NodeRequest, 'signal'> => {
  const node = flow.order.find(({ id }) => id === flow.definition.entry) as FlowNode;
  return {
    ...requestParts(session, flow, node),
    agent: flow.agents.get(node.id) as BoundAgent,
    input: { spec, unit: specUnit, inputs: {}, ...(node.with && { with: node.with }) },
    overlay: createOverlay(session.base, readOnly),
    reach: readOnly,
  };
};

/** A spec with a plan that ended well, and those of its units that are worked tonight. */
export type PlannedSpec = {
  readonly session: Session;
  readonly flow: RunnableFlow;
  readonly decided: DecidedSpec;
  readonly units: readonly Unit[];
  /** Files in scope that no unit has. */
  readonly left: readonly LeftOut[];
  readonly plan: Planned;
};

/** A unit as its nodes are asked about it. */
export type AskedUnit = {
  readonly session: AskingSession;
  readonly flow: BoundFlow;
  readonly spec: Spec;
  readonly unit: Unit;
};

/** What one unit's nodes share on their way through the flow. */
export type PlannedUnit = AskedUnit & {
  readonly session: Session;
  readonly flow: RunnableFlow;
  /** The entry's end, with an output narrowed to this unit. */
  readonly plan: Planned;
  readonly priority: number;
};

/** A plan that ended well. */
export type Planned = Extract<NodeEnd, { readonly status: 'ok' }>;

/** A unit is shown its own part of the plan: a thousand units must not carry a thousand units each. */
export const narrow = (plan: Planned, unit: Unit): Planned => {
  const output: Output = { ...plan.output, result: { units: [unit], files: unit.paths.length } };
  return { ...plan, output };
};

/** Files in scope that a plan leaves out. */
export const leftBy = ({ output }: Planned): readonly LeftOut[] =>
  planSchema.parse(output.result).left;

/** What the plan has to say to the author. */
export const noticesOf = ({ output }: Planned): readonly string[] =>
  planSchema.parse(output.result).notices;

/** The units of a spec that are worked tonight: all of its plan's, or those that are left. */
export const planSpec = (
  session: Session,
  flow: RunnableFlow,
  decided: DecidedSpec,
  plan: Planned,
): PlannedSpec => {
  const units = unitsOf(decided, plan);
  return { session, flow, decided, units, left: leftBy(plan), plan };
};

/** The units of a spec that are worked tonight. @throws ZodError for what is no plan. */
export const unitsOf = (decided: DecidedSpec, { output }: Planned): readonly Unit[] => {
  const only = decided.only && new Set(decided.only);
  return planSchema.parse(output.result).units.filter(({ id }) => only?.has(id) ?? true);
};

/** Units already in the flow come before new specs, so that a night finishes what it has begun. */
export const planUnit = (
  { session, flow, decided: { spec, reads }, plan }: PlannedSpec,
  unit: Unit,
): PlannedUnit => ({
  session,
  flow,
  spec: withReads(spec, reads),
  unit,
  plan: narrow(plan, unit),
  priority: spec.priority * 2 + 1,
});
