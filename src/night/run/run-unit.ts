// SPDX-License-Identifier: GPL-3.0-only
import type { Input, Output } from '../../agent/schema.ts';
import type { CodedReason } from '../../data/findings/table.ts';
import { rootInput } from '../../flow/graph.ts';
import type { FlowNode } from '../../flow/schema.ts';
import { evaluateWhen, parseWhen } from '../../flow/when.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BundleInput } from '../../trace/bundle.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import type { BoundAgent, NodeRequest } from '../open/bound-agent.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import { conventionsFor } from '../open/repository-policy.ts';
import { fileInput } from './file-input.ts';
import type { AskedUnit, PlannedUnit } from './run-plan.ts';
import {
  codeOf,
  type NodeEnd,
  noBundle,
  recordedEnd,
  runStep,
  type StepPlan,
  skipStep,
} from './run-step.ts';
import { refuseSecrets } from './secret-in-unit.ts';
import { requestParts, type Session } from './session.ts';
import { overlayFor } from './unit-view.ts';

/** Runs a node for a unit, given how every node before it ended. */
export type RunNodeAfter = (
  planned: PlannedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
  overlays: Map<string, Overlay>,
) => Promise<NodeEnd>;

/**
 * Takes one unit through every node between entry and output: each starts as soon as its inputs
 * are there, and what follows a failure is recorded as skipped with the reason.
 */
export const runUnit = async (
  planned: PlannedUnit,
  run: RunNodeAfter = runNodeAfter,
): Promise<void> => {
  const { definition: flow, order } = planned.flow;
  const ends = new Map<string, Promise<NodeEnd>>([[flow.entry, Promise.resolve(planned.plan)]]);
  const overlays = new Map<string, Overlay>();
  for (const node of order) {
    if (node.id === flow.entry || node.id === flow.output) continue;
    ends.set(node.id, runAfterInputs(run, planned, node, ends, overlays));
  }
  await settleAll([...ends.values()]);
};

/** Like `Promise.all`, but only once nothing is under way any more. */
export const settleAll = async <Value>(
  promises: readonly Promise<Value>[],
): Promise<readonly Value[]> => {
  await Promise.allSettled(promises);
  return Promise.all(promises);
};

/** Runs one node of a unit where those before it ran in other processes and left bundles. */
export const runUnitNode = async (
  planned: PlannedUnit,
  node: FlowNode,
  run: RunNodeAfter = runNodeAfter,
): Promise<NodeEnd> => run(planned, node, recordedBefore(planned, node), new Map());

/** How the nodes before one ended for a unit, as their bundles say. */
export const recordedBefore = (
  { session, flow, spec, unit, plan }: PlannedUnit,
  node: FlowNode,
): ReadonlyMap<string, NodeEnd> => {
  const { entry } = flow.definition;
  const before = [...(flow.before.get(node.id) ?? [])].filter((id) => id !== entry);
  const ends = before.map((id) => {
    const address = { spec: spec.id, unit: unit.id, node: id };
    return [id, recordedEnd(session, address) ?? missingEnd(session, spec.id, id)] as const;
  });
  return new Map([[entry, plan], ...ends]);
};

/** A node that was skipped left no bundle, and neither did one whose job never ran. */
const missingEnd = ({ absent }: Session, spec: string, node: string): NodeEnd => ({
  status: 'skipped',
  ...(absent?.(spec, node) ?? noBundle(node)),
});

const runAfterInputs = async (
  run: RunNodeAfter,
  planned: PlannedUnit,
  node: FlowNode,
  ends: ReadonlyMap<string, Promise<NodeEnd>>,
  overlays: Map<string, Overlay>,
): Promise<NodeEnd> => {
  const endsBefore = new Map<string, NodeEnd>();
  for (const id of planned.flow.before.get(node.id) ?? []) {
    endsBefore.set(id, await (ends.get(id) as Promise<NodeEnd>));
  }
  return run(planned, node, endsBefore, overlays);
};

/** Runs a node for a unit, or skips it where a node before it did not end well. */
export const runNodeAfter: RunNodeAfter = async (planned, node, endsBefore, overlays) => {
  const { session } = planned;
  const step = stepOf(planned, node, endsBefore);
  const reason = whySkipped(planned, node, endsBefore);
  if (reason !== undefined) return skipStep(session, step.address, reason);
  return runStep(session, {
    ...step,
    request: async () => {
      await refuseSecrets(session.base, planned.spec, planned.unit);
      return requestOf(planned, node, endsBefore, overlays);
    },
  });
};

/** Why a node is not run for a unit, if it is not. */
export const whySkipped = (
  { flow }: PlannedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
): CodedReason | undefined => blockedBy(node, endsBefore) ?? unmetWhen(node, flow, endsBefore);

/** A node's step for a unit, but for what is asked. */
export const stepOf = (
  planned: PlannedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
): Omit<StepPlan, 'request'> => ({
  address: { spec: planned.spec.id, unit: planned.unit.id, node: node.id },
  agent: planned.flow.agents.get(node.id) as BoundAgent,
  priority: planned.priority,
  inputs: inputsOf(node).map((input) => citedInput(input, planned, endsBefore.get(input))),
  retries: node.retries,
});

const inputsOf = (node: FlowNode): readonly string[] =>
  node.inputs.filter((id) => id !== rootInput);

/** What a node of a unit is asked, given how the nodes before it ended. */
export const requestOf = async (
  asked: AskedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
  overlays: Map<string, Overlay>,
): Promise<Omit<NodeRequest, 'agent' | 'signal'>> => {
  const { session, flow, spec, unit } = asked;
  const { overlay, reach } = await overlayFor(asked, node, endsBefore, overlays);
  const outputs = outputsOf(endsBefore);
  const settings = settingsOf(session, node, spec, unit.paths);
  const agent = flow.agents.get(node.id) as BoundAgent;
  const conventions = asksModel(agent) ? await conventionsFor(session.base, unit.paths) : undefined;
  const input: Input = {
    spec,
    unit,
    inputs: Object.fromEntries(
      inputsOf(node).map((id) => [id, shownTo(flow, node, id, outputs[id] as Output)]),
    ),
    ...(settings && { with: settings }),
    ...(conventions && { conventions }),
  };
  return {
    ...requestParts(session, flow, node),
    input: await fileInput(agent, input, overlay),
    overlay,
    reach,
  };
};

/** Rules read no prose. */
const asksModel = (agent: BoundAgent): boolean =>
  'runtime' in agent && agent.runtime.settings.engine !== 'rules';

/** What a worker says of its patch could talk a reviewer round: it is shown the patch alone. */
const shownTo = (
  { manifests }: AskedUnit['flow'],
  node: FlowNode,
  from: string,
  output: Output,
): Output =>
  manifests.get(node.id)?.role === 'review' && manifests.get(from)?.role === 'work'
    ? { ...output, notes: '' }
    : output;

/** What a node gets beside its inputs: its `with`, and the dates a spec asks for. */
export const settingsOf = (
  session: Pick<Session, 'commitDates'>,
  node: FlowNode,
  spec: Spec,
  paths: readonly string[],
): Input['with'] => {
  const dates = Object.entries(session.commitDates.get(spec.id) ?? {}).map(
    ([fact, days]) =>
      [
        fact,
        Object.fromEntries(Object.entries(days ?? {}).filter(([path]) => paths.includes(path))),
      ] as const,
  );
  return dates.length === 0 ? node.with : { ...node.with, ...Object.fromEntries(dates) };
};

const outputsOf = (ends: ReadonlyMap<string, NodeEnd>): { readonly [node: string]: Output } =>
  Object.fromEntries(
    [...ends].flatMap(([id, end]) => (end.status === 'ok' ? [[id, end.output] as const] : [])),
  );

const blockedBy = (node: FlowNode, ends: ReadonlyMap<string, NodeEnd>): CodedReason | undefined => {
  for (const id of node.inputs) {
    const end = ends.get(id);
    if (end?.status === 'failed') {
      const [line] = end.failure.message.split('\n');
      return { code: codeOf(end), reason: `${id} failed: ${line}` };
    }
    if (end?.status === 'skipped') return { code: end.code, reason: end.reason };
  }
  return undefined;
};

const unmetWhen = (
  node: FlowNode,
  flow: RunnableFlow,
  ends: ReadonlyMap<string, NodeEnd>,
): CodedReason | undefined => {
  if (node.when === undefined) return undefined;
  const ids = flow.definition.nodes.map(({ id }) => id);
  return evaluateWhen(parseWhen(node.when, ids), outputsOf(ends))
    ? undefined
    : { code: 'flow.condition', reason: `its condition does not hold: ${node.when}` };
};

const citedInput = (node: string, planned: PlannedUnit, end: NodeEnd | undefined): BundleInput => ({
  node,
  unit: node === planned.flow.definition.entry ? '_spec' : planned.unit.id,
  digest: end && 'identity' in end ? end.identity : '',
});
