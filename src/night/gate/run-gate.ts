// SPDX-License-Identifier: GPL-3.0-only
import type { RunCode } from '../../agent/code-agent.ts';
import type { GateConfig } from '../../config/schema.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type {
  GateContext,
  GateFacts,
  RunGate,
  UnitEvidence,
} from '../../review/gate/gate-agent.ts';
import type { GateTerms } from '../../review/gate/gate-terms.ts';
import type { Review } from '../../review/schema.ts';
import type { Spec } from '../../spec/schema.ts';
import type { BundleInput } from '../../trace/bundle.ts';
import { createOverlay } from '../../workspace/overlay.ts';
import type { Actor, NodeRequest } from '../open/bound-agent.ts';
import { handsOf } from '../run/session.ts';
import { type NodeEnd, step } from '../run/step.ts';
import { readEvidence } from './evidence.ts';
import type { GateRun } from './gate-run.ts';
import { propose } from './propose.ts';
import { retest } from './retest.ts';

/** The output node: it reads the bundles of all its ancestors and decides for the whole spec. */
export const runGate = (run: GateRun): Promise<NodeEnd> => {
  const { session, stage, collected } = run;
  const { spec } = collected;
  const node = stage.order.find(({ id }) => id === stage.flow.output) as FlowNode;
  const asked = gateRequest(run);
  return step(session, {
    address: { spec: spec.id, unit: '_spec', node: node.id },
    actor: asked.actor,
    priority: spec.priority * 2 + 2,
    inputs: citeAll(run, node),
    retries: node.retries,
    request: async () => asked,
  });
};

/** What the output node is asked, with the hands that only the gate has. */
export const gateRequest = (run: GateRun): Omit<NodeRequest, 'signal'> => {
  const { session, stage, collected, units } = run;
  const node = stage.order.find(({ id }) => id === stage.flow.output) as FlowNode;
  const reach = { mayRead: () => true, mayWrite: () => false };
  return {
    actor: withGateHands(stage.actors.get(node.id) as Actor, run),
    node: node.id,
    input: {
      spec: collected.spec,
      unit: { id: '_spec', kind: 'spec', paths: units.map(({ id }) => id) },
      inputs: {},
      // As JSON, so that a replay decides on exactly this.
      with: { ...node.with, terms: JSON.parse(JSON.stringify(stage.terms)) },
    },
    overlay: createOverlay(session.base, reach),
    reach,
    hands: handsOf(session, stage),
    ...(node.timeout !== undefined && { timeoutMs: node.timeout }),
  };
};

/** The gate's agent is a code agent with more in its hands. */
const withGateHands = (actor: Actor, run: GateRun): Actor => {
  if ('runtime' in actor) return actor;
  const decide = actor.room.run as RunCode | RunGate;
  const { session, stage, collected } = run;
  const { spec } = collected;
  const reviews = new Map<string, readonly Review[]>();
  const gateHands = (signal: AbortSignal): Omit<GateContext, keyof Parameters<RunCode>[0]> => ({
    terms: termsOf(stage.terms, spec, session.config.gate),
    evidence: () => evidenceOf(run, reviews),
    retest: (files) => retest(run, files, signal),
    propose: (decision, files) => propose(run, decision, files, reviews),
  });
  return {
    room: {
      ...actor.room,
      run: (context) => (decide as RunGate)({ ...context, ...gateHands(context.signal) }),
    },
  };
};

const termsOf = (
  { exams, independence, standing }: GateFacts,
  spec: Spec,
  gate: GateConfig,
): GateTerms => ({
  spec,
  gate,
  independence,
  standing,
  examOf: (runtime, kind) =>
    exams.find((result) => result.runtime === runtime && result.kind === kind),
});

async function* evidenceOf(
  run: GateRun,
  reviews: Map<string, readonly Review[]>,
): AsyncIterable<UnitEvidence> {
  for (const unit of run.units) {
    const evidence = await readEvidence(run, unit);
    reviews.set(unit.id, evidence.reviews);
    yield evidence;
  }
}

const citeAll = (
  { session, stage, collected, units, plan }: GateRun,
  node: FlowNode,
): readonly BundleInput[] => {
  const nodes = [...(stage.before.get(node.id) ?? [])].filter((id) => id !== stage.flow.entry);
  const identities = session.identities.get(collected.spec.id);
  const cited = units.flatMap((unit) =>
    nodes.flatMap((id) => {
      const digest = identities?.get(`${unit.id}/${id}`);
      return digest === undefined ? [] : [{ node: id, unit: unit.id, digest }];
    }),
  );
  return [{ node: stage.flow.entry, unit: '_spec', digest: plan.identity }, ...cited];
};
