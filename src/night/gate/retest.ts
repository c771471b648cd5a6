// SPDX-License-Identifier: GPL-3.0-only
import type { Output, Unit } from '../../agent/schema.ts';
import type { JoinedFile } from '../../review/gate/gate-agent.ts';
import { createOverlay, unrestricted, writeFiles } from '../../workspace/overlay.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import { runNode } from '../run/run-node.ts';
import type { PlannedSpec } from '../run/run-plan.ts';
import { settingsOf } from '../run/run-unit.ts';
import { requestParts } from '../run/session.ts';

/** Runs the flow's test nodes once more, on the base with all approved files, for exactly those files. */
export const retest = async (
  { session, flow, decided }: PlannedSpec,
  files: readonly JoinedFile[],
  signal: AbortSignal,
): Promise<readonly Output[]> => {
  const { definition, order, manifests, agents } = flow;
  const before = flow.before.get(definition.output);
  const overlay = createOverlay(session.base, unrestricted);
  writeFiles(overlay, files);
  const worker = order.findLast(({ id }) => manifests.get(id)?.role === 'work');
  const joined: Output = {
    status: 'ok',
    notes: 'joined',
    metrics: {},
    result: {},
    ...(await stampedPatch(overlay)),
  };
  const unit: Unit = { id: '_joined', kind: 'file', paths: files.map(([path]) => path) };
  const outputs: Output[] = [];
  for (const node of order) {
    const agent = agents.get(node.id);
    if (!agent || !before?.has(node.id) || agent.agent.manifest.role !== 'test') continue;
    const settings = settingsOf(session, node, decided.spec, unit.paths);
    const { output, failure } = await runNode({
      ...requestParts(session, flow, node),
      agent,
      input: {
        spec: decided.spec,
        unit,
        inputs: worker ? { [worker.id]: joined } : {},
        ...(settings && { with: settings }),
      },
      overlay,
      reach: unrestricted,
      signal,
    });
    outputs.push(
      failure
        ? { status: 'fail', notes: failure.message, metrics: {}, result: output?.result ?? {} }
        : (output as Output),
    );
  }
  return outputs;
};
