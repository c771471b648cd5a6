// SPDX-License-Identifier: GPL-3.0-only
import type { RunCode } from '../../agent/code-agent.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { GateContext, RunGate, UnitEvidence } from '../../review/gate/gate-agent.ts';
import { refusingTerms } from '../../review/gate/gate-terms.ts';
import type { GateTerms, Review } from '../../review/schema.ts';
import type { BundleInput } from '../../trace/bundle.ts';
import { createOverlay, readOnly } from '../../workspace/overlay.ts';
import type { BoundAgent, NodeRequest } from '../open/bound-agent.ts';
import type { PlannedSpec } from '../run/run-plan.ts';
import { type NodeEnd, runStep } from '../run/run-step.ts';
import { requestParts } from '../run/session.ts';
import { readEvidence } from './evidence.ts';
import { propose } from './propose.ts';
import { retest } from './retest.ts';

/** The output node: it reads the bundles of all its ancestors and decides for the whole spec. */
export const runGate = (planned: PlannedSpec): Promise<NodeEnd> => {
  const { session, flow, decided } = planned;
  const { spec } = decided;
  const node = flow.order.find(({ id }) => id === flow.definition.output) as FlowNode;
  const asked = gateRequest(planned);
  return runStep(session, {
    address: { spec: spec.id, unit: '_spec', node: node.id },
    agent: asked.agent,
    priority: spec.priority * 2 + 2,
    inputs: citeAll(planned, node),
    retries: node.retries,
    request: async () => asked,
  });
};

/** What the output node is asked, with what only the gate may do. */
export const gateRequest = (planned: PlannedSpec): Omit<NodeRequest, 'signal'> => {
  const { session, flow, decided, units } = planned;
  const node = flow.order.find(({ id }) => id === flow.definition.output) as FlowNode;
  return {
    ...requestParts(session, flow, node),
    agent: withGateContext(flow.agents.get(node.id) as BoundAgent, planned),
    input: {
      spec: decided.spec,
      unit: { id: '_spec', kind: 'spec', paths: units.map(({ id }) => id) },
      inputs: {},
      // As JSON, so that a replay decides on exactly this.
      with: { ...node.with, terms: JSON.parse(JSON.stringify(termsOf(flow))) },
    },
    overlay: createOverlay(session.base, readOnly),
    reach: readOnly,
  };
};

const termsOf = ({ terms = refusingTerms }: PlannedSpec['flow']): GateTerms => terms;

/** The gate's agent is a code agent that may do more. */
const withGateContext = (agent: BoundAgent, planned: PlannedSpec): BoundAgent => {
  if ('runtime' in agent) return agent;
  const decide = agent.agent.run as RunCode | RunGate;
  const { session, flow, decided } = planned;
  const reviews = new Map<string, readonly Review[]>();
  const gateContext = (signal: AbortSignal): Omit<GateContext, keyof Parameters<RunCode>[0]> => ({
    terms: { ...termsOf(flow), spec: decided.spec, gate: session.config.gate },
    left: planned.left,
    evidence: () => evidenceOf(planned, reviews),
    retest: (files) => retest(planned, files, signal),
    propose: (decision, files) => propose(planned, decision, files, reviews),
  });
  return {
    agent: {
      ...agent.agent,
      run: (context) => (decide as RunGate)({ ...context, ...gateContext(context.signal) }),
    },
  };
};

async function* evidenceOf(
  planned: PlannedSpec,
  reviews: Map<string, readonly Review[]>,
): AsyncIterable<UnitEvidence> {
  for (const unit of planned.units) {
    const evidence = await readEvidence(planned, unit);
    reviews.set(unit.id, evidence.reviews);
    yield evidence;
  }
}

const citeAll = (
  { session, flow, decided, units, plan }: PlannedSpec,
  node: FlowNode,
): readonly BundleInput[] => {
  const nodes = [...(flow.before.get(node.id) ?? [])].filter((id) => id !== flow.definition.entry);
  const identities = session.identities.get(decided.spec.id);
  // Those of jobs of their own.
  const left = (unit: string, id: string) =>
    session.traces.read({ spec: decided.spec.id, unit, node: id })?.identity;
  const cited = units.flatMap((unit) =>
    nodes.flatMap((id) => {
      const digest = identities?.get(`${unit.id}/${id}`) ?? left(unit.id, id);
      return digest === undefined ? [] : [{ node: id, unit: unit.id, digest }];
    }),
  );
  return [{ node: flow.definition.entry, unit: '_spec', digest: plan.identity }, ...cited];
};
