// SPDX-License-Identifier: GPL-3.0-only
import type PQueue from 'p-queue';
import { runGate } from '../gate/run-gate.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { DecidedSpec } from '../record/night-record.ts';
import { leaveSpans } from '../run/leave-spans.ts';
import { narrow, plannedUnits, runPlan, specUnit } from '../run/run-plan.ts';
import { type NodeEnd, skipStep } from '../run/run-step.ts';
import { runUnit, settleAll } from '../run/run-unit.ts';
import type { Session } from '../run/session.ts';

/** How a spec left the flow: planned or not, and what the output node said. */
export type SpecEnd = { readonly plan: NodeEnd; readonly gate: NodeEnd };

/** Plans a spec, takes its units through the flow side by side, and asks the gate. */
export const runSpec = async (
  session: Session,
  decided: DecidedSpec,
  units: PQueue,
): Promise<SpecEnd> => {
  const flow = session.flows.get(decided.flow) as RunnableFlow;
  const plan = await runPlan(session, flow, decided);
  if (plan.status !== 'ok') {
    const why = plan.status === 'failed' ? plan.failure.message : plan.reason;
    const reason = `${flow.definition.entry} failed: ${why}`;
    const gate = skipStep(session, gateAddress(decided, flow), reason);
    await leaveSpans(session, flow, decided);
    return { plan, gate };
  }
  const planned = plannedUnits(plan);
  const wanted = decided.only ? new Set(decided.only) : undefined;
  const mine = wanted ? planned.filter(({ id }) => wanted.has(id)) : planned;
  // Units already in the flow come before new specs, so that a night finishes what it holds.
  const priority = decided.spec.priority * 2 + 1;
  const running = mine.map((unit) =>
    units.add(
      () =>
        runUnit({
          session,
          flow,
          spec: decided.spec,
          unit,
          plan: narrow(plan, unit),
          priority,
        }),
      { priority },
    ),
  );
  await settleAll(running);
  const gate = await runGate({ session, flow, decided, units: mine, plan });
  await leaveSpans(session, flow, decided);
  session.traces.pack(decided.spec.id);
  session.identities.delete(decided.spec.id);
  return { plan, gate };
};

const gateAddress = ({ spec }: DecidedSpec, { definition: flow }: RunnableFlow) => ({
  spec: spec.id,
  unit: specUnit.id,
  node: flow.output,
});
