// SPDX-License-Identifier: GPL-3.0-only
import type { FlowNode } from '../../flow/schema.ts';
import {
  createOverlay,
  type Overlay,
  type OverlayReach,
  type ReachRule,
  writeFiles,
} from '../../workspace/overlay.ts';
import { applyPatch } from '../../workspace/patch.ts';
import { reachOf } from '../hand/reach.ts';
import type { AskedUnit } from './run-plan.ts';
import type { NodeEnd } from './run-step.ts';
import type { AskingSession } from './session.ts';

/** What a node sees and what it may do to it. */
export type UnitView = { readonly overlay: Overlay; readonly reach: OverlayReach };

/**
 * The base tree with the patch of the last working node before this one. Working nodes may write
 * the unit's files; tests and code agents see the whole tree; everybody else only reads the scope,
 * the context and the setup files.
 */
export const overlayFor = async (
  asked: AskedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
  overlays: Map<string, Overlay>,
): Promise<UnitView> => {
  const { session, flow, spec, unit } = asked;
  const agent = flow.manifests.get(node.id);
  const scope = [...spec.scope, ...spec.context];
  const reach = reachOf({
    ...(agent?.kind !== 'code' && { reads: { scope, paths: unit.paths } }),
    ...(agent?.role === 'work' && writesOf(asked, session)),
  });
  const worker = lastWorker(asked, node, endsBefore);
  const overlay = worker
    ? await patched(session, reach, endsBefore.get(worker) as WorkerEnd, overlays.get(worker))
    : createOverlay(session.base, reach);
  if (agent?.role === 'work') overlays.set(node.id, overlay);
  return { overlay, reach };
};

type WorkerEnd = Extract<NodeEnd, { readonly status: 'ok' }>;

const writesOf = (
  { spec, unit }: AskedUnit,
  { config }: AskingSession,
): Pick<ReachRule, 'writes' | 'protects'> => ({
  writes: unit.kind === 'file' ? { paths: unit.paths } : { scope: spec.scope },
  protects: config.gate.protected,
});

const lastWorker = (
  { flow }: AskedUnit,
  node: FlowNode,
  endsBefore: ReadonlyMap<string, NodeEnd>,
): string | undefined => {
  const before = flow.before.get(node.id);
  return flow.order.findLast(
    ({ id }) =>
      before?.has(id) &&
      endsBefore.get(id)?.status === 'ok' &&
      flow.manifests.get(id)?.role === 'work',
  )?.id;
};

/** The worker's result seen with another reach; from its bundle where it ran in an earlier process. */
const patched = async (
  { base }: AskingSession,
  reach: OverlayReach,
  { output }: WorkerEnd,
  made: Overlay | undefined,
): Promise<Overlay> => {
  const { diff = '', changes = [] } = output;
  // The patch itself may be laid down; once it lies, only the reach counts.
  let laid = false;
  const laying = { ...reach, mayWrite: (path: string) => !laid || reach.mayWrite(path) };
  const overlay = made
    ? createOverlay(base, laying)
    : await applyPatch(base, laying, diff, changes);
  if (made) {
    writeFiles(
      overlay,
      changes.map(({ path }) => [path, made.written(path)]),
    );
  }
  laid = true;
  return overlay;
};
