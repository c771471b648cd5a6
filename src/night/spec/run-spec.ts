// SPDX-License-Identifier: GPL-3.0-only
import type PQueue from 'p-queue';
import type { FlowNode } from '../../flow/schema.ts';
import { hostsOf } from '../exam/hidden-units.ts';
import { type HiddenVerdicts, readHidden } from '../exam/hidden-verdicts.ts';
import { reviewHidden } from '../exam/review-hidden.ts';
import { whyNoVote } from '../exam/why-no-vote.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { flowFor } from '../open/stand-ins.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import { type PlannedSpec, planSpec, planUnit, runPlan, specUnit } from '../run/run-plan.ts';
import { codeOf, type NodeEnd, recordedEnd, skipStep } from '../run/run-step.ts';
import { runUnit, runUnitNode, settleAll } from '../run/run-unit.ts';
import type { Session } from '../run/session.ts';
import { writeSpans } from '../run/write-spans.ts';

/** How a spec left the flow: planned or not, and what the output node said. */
export type SpecEnd = {
  readonly plan: NodeEnd;
  readonly gate: NodeEnd;
  /** What became of an exam's patches among its units. */
  readonly hidden?: readonly HiddenVerdicts[];
};

/** What differs between a night in one process and the jobs of its nodes. */
export type SpecRun = {
  /** The only node that runs here; the others run in processes of their own. */
  readonly node?: FlowNode;
  /** Where units wait for their turn; without it all are under way at once. */
  readonly units?: PQueue;
  /** Told how `node` ended, for each unit. */
  readonly onEnd?: (end: NodeEnd) => void;
};

/** Plans a spec, takes its units through the flow side by side, and asks the gate. */
export const runSpec = async (
  session: Session,
  decided: DecidedSpec,
  run: SpecRun,
): Promise<SpecEnd> => {
  const flow = flowFor(session.flows.get(decided.flow) as RunnableFlow, decided);
  const { entry, output } = flow.definition;
  const isHere = (id: string) => run.node === undefined || run.node.id === id;
  const at = (node: string) => ({ spec: decided.spec.id, unit: specUnit.id, node });
  const plan = isHere(entry)
    ? await runPlan(session, flow, decided)
    : (recordedEnd(session, at(entry)) ?? elsewhere);
  if (run.node?.id === entry) run.onEnd?.(plan);
  if (plan.status !== 'ok') {
    if (run.node !== undefined) return { plan, gate: elsewhere };
    const why = plan.status === 'failed' ? plan.failure.message : plan.reason;
    const reason = `${entry} failed: ${why}`;
    const gate = skipStep(session, at(output), { code: codeOf(plan), reason });
    await writeSpans(session, flow, decided);
    return { plan, gate };
  }
  const planned = planSpec(session, flow, decided, plan);
  const paths = () => [...session.base.entries.keys()].sort();
  const noVote =
    flow.terms && (await whyNoVote(session.night, decided, flow.terms, planned.units, paths));
  if (noVote !== undefined) {
    const gate: NodeEnd = { status: 'skipped', ...noVote };
    if (!isHere(output)) {
      if (run.node?.id !== entry) for (const _ of planned.units) run.onEnd?.(gate);
      return { plan, gate };
    }
    if (run.node !== undefined) run.onEnd?.(gate);
    skipStep(session, at(output), noVote);
    await writeSpans(session, flow, decided);
    return { plan, gate };
  }
  if (run.node?.id !== entry && run.node?.id !== output) await runUnits(planned, run);
  if (!isHere(output)) return { plan, gate: elsewhere };
  // A job of another node need not load it.
  const { runGate } = await import('../gate/run-gate.ts');
  const gate = await runGate(planned);
  if (run.node !== undefined) run.onEnd?.(gate);
  await writeSpans(session, flow, decided);
  if (run.node !== undefined) return { plan, gate };
  const hidden = readHidden(session.traces, session.night, decided, planned.units);
  session.traces.pack(decided.spec.id);
  session.identities.delete(decided.spec.id);
  return { plan, gate, hidden };
};

/** Of a node that runs, or ran, in another process. */
const elsewhere: NodeEnd = {
  status: 'skipped',
  code: 'job.no-bundle',
  reason: 'it runs in another process',
};

const runUnits = async (planned: PlannedSpec, { node, units, onEnd }: SpecRun): Promise<void> => {
  const run = reviewHidden(hostsOf(planned.session.night, planned.decided.spec.id, planned.units));
  const running = planned.units.map((each) => {
    const unit = planUnit(planned, each);
    const work = async (): Promise<void> => {
      if (node === undefined) await runUnit(unit, run);
      else onEnd?.(await runUnitNode(unit, node, run));
    };
    return units ? units.add(work, { priority: unit.priority }) : work();
  });
  await settleAll(running);
};
