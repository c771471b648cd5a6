// SPDX-License-Identifier: GPL-3.0-only
import { bindRuntime } from '../../config/bind-runtime.ts';
import { pantheonVersion } from '../../data/installation.ts';
import type { FlowNode } from '../../flow/schema.ts';
import type { RunnableFlow } from '../open/open-flow.ts';
import type { DecidedSpec } from '../record/night-schemas.ts';
import type { Session } from './session.ts';

/**
 * Leaves a spec's spans beside its bundles, once it has gone through its flow. Only where a model
 * was asked: rules answer within microseconds, and their spans would cost a night more than they tell.
 */
export const writeSpans = async (
  { night, folder, config, traces }: Session,
  { definition: flow, manifests: agents }: RunnableFlow,
  { spec }: DecidedSpec,
): Promise<void> => {
  const engineOf = (node: FlowNode) =>
    bindRuntime(config, night.profile, flow.nodes, node).runtime.engine;
  const asked = flow.nodes.filter(({ id }) => agents.get(id)?.kind === 'model');
  if (asked.every((node) => engineOf(node) === 'rules')) return;
  const { writeSpans } = await import('../../trace/otel-file.ts');
  const trace = { night: night.id, base: night.base.commit, spec: spec.id, flow: flow.name };
  await writeSpans(folder, traces, trace, pantheonVersion);
};
