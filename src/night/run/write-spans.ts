// SPDX-License-Identifier: GPL-3.0-only
import { bindFlow } from '../../config/bind-runtime.ts';
import { pantheonVersion } from '../../data/installation.ts';
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
  const models = new Set(
    [...agents.values()].flatMap(({ kind, name }) => (kind === 'model' ? [name] : [])),
  );
  const runtimes = [...bindFlow(config, night.profile, flow.nodes, models).values()];
  if (runtimes.every(({ engine }) => engine === 'rules')) return;
  const { writeSpans } = await import('../../trace/otel-file.ts');
  const trace = { night: night.id, base: night.base.commit, spec: spec.id, flow: flow.name };
  await writeSpans(folder, traces, trace, pantheonVersion);
};
