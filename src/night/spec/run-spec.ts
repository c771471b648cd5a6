// SPDX-License-Identifier: GPL-3.0-only
import type PQueue from 'p-queue';
import { runGate } from '../gate/run-gate.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { Collected } from '../record/night-record.ts';
import { leaveSpans } from '../run/leave-spans.ts';
import { narrow, plannedUnits, runPlan, specUnit } from '../run/run-plan.ts';
import { runUnit, settleAll } from '../run/run-unit.ts';
import type { Session } from '../run/session.ts';
import { type NodeEnd, skip } from '../run/step.ts';

/** How a spec left the flow: planned or not, and what the output node said. */
export type SpecEnd = { readonly plan: NodeEnd; readonly gate: NodeEnd };

/** Plans a spec, takes its units through the flow side by side, and asks the gate. */
export const runSpec = async (
  session: Session,
  collected: Collected,
  units: PQueue,
): Promise<SpecEnd> => {
  const flow = session.flows.get(collected.flow) as RunnableFlow;
  const plan = await runPlan(session, flow, collected);
  if (plan.status !== 'ok') {
    const why = plan.status === 'failed' ? plan.failure.message : plan.reason;
    const reason = `${flow.definition.entry} failed: ${why}`;
    const gate = skip(session, gateAddress(collected, flow), reason);
    await leaveSpans(session, flow, collected);
    return { plan, gate };
  }
  const planned = plannedUnits(plan);
  const wanted = collected.only ? new Set(collected.only) : undefined;
  const mine = wanted ? planned.filter(({ id }) => wanted.has(id)) : planned;
  // Units already in the flow come before new specs, so that a night finishes what it holds.
  const priority = collected.spec.priority * 2 + 1;
  const running = mine.map((unit) =>
    units.add(
      () =>
        runUnit({
          session,
          flow,
          spec: collected.spec,
          unit,
          plan: narrow(plan, unit),
          priority,
        }),
      { priority },
    ),
  );
  await settleAll(running);
  const gate = await runGate({ session, flow, collected, units: mine, plan });
  await leaveSpans(session, flow, collected);
  session.traces.pack(collected.spec.id);
  session.identities.delete(collected.spec.id);
  return { plan, gate };
};

const gateAddress = ({ spec }: Collected, { definition: flow }: RunnableFlow) => ({
  spec: spec.id,
  unit: specUnit.id,
  node: flow.output,
});
