// SPDX-License-Identifier: GPL-3.0-only
import type { Output, Unit } from '../../agent/schema.ts';
import type { JoinedFile } from '../../review/gate/gate-agent.ts';
import { createOverlay } from '../../workspace/overlay.ts';
import { formatPatch } from '../../workspace/patch.ts';
import { patchDigest } from '../../workspace/patch-digest.ts';
import { runNode } from '../run/run-node.ts';
import type { PlannedSpec } from '../run/run-plan.ts';
import { settingsOf } from '../run/run-unit.ts';
import { codeContextOf } from '../run/session.ts';

/** Runs the flow's test nodes once more, on the base with all approved files, for exactly those files. */
export const retest = async (
  { session, flow, decided }: PlannedSpec,
  files: readonly JoinedFile[],
  signal: AbortSignal,
): Promise<readonly Output[]> => {
  const { definition, order, manifests, agents } = flow;
  const before = flow.before.get(definition.output);
  const reach = { mayRead: () => true, mayWrite: () => true };
  const overlay = createOverlay(session.base, reach);
  for (const { path, content } of files) {
    if (content) overlay.write(path, content);
    else overlay.remove(path);
  }
  const worker = order.findLast(({ id }) => manifests.get(id)?.role === 'work');
  const changes = [...overlay.changes()];
  const joined: Output = {
    status: 'ok',
    notes: 'joined',
    metrics: {},
    result: {},
    ...(await formatPatch(overlay)),
    changes,
    patchDigest: patchDigest(changes),
  };
  const unit: Unit = { id: '_joined', kind: 'file', paths: files.map(({ path }) => path) };
  const outputs: Output[] = [];
  for (const node of order) {
    const agent = agents.get(node.id);
    if (!agent || !before?.has(node.id) || agent.agent.manifest.role !== 'test') continue;
    const settings = settingsOf(session, node, decided.spec, unit.paths);
    const { output, failure } = await runNode({
      agent,
      node: node.id,
      input: {
        spec: decided.spec,
        unit,
        inputs: worker ? { [worker.id]: joined } : {},
        ...(settings && { with: settings }),
      },
      overlay,
      reach,
      codeContext: codeContextOf(session, flow),
      ...(node.timeout !== undefined && { timeoutMs: node.timeout }),
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
