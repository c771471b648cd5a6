// SPDX-License-Identifier: GPL-3.0-only
import type { FlowNode } from '../../flow/schema.ts';
import { compileProtected } from '../../review/gate/protected.ts';
import type { Spec } from '../../spec/schema.ts';
import { compileScope, isSetupFile } from '../../spec/scope.ts';
import {
  createOverlay,
  type Overlay,
  type OverlayReach,
  writeFiles,
} from '../../workspace/overlay.ts';
import { applyPatch } from '../../workspace/patch.ts';
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
  const readable = scopeReader(spec);
  const mayRead =
    agent?.kind === 'code'
      ? everything
      : (path: string) => readable(path) || isSetupFile(path) || unit.paths.includes(path);
  const reach: OverlayReach = {
    mayRead,
    ...(agent?.role === 'work' ? writerOf(asked, session) : { mayWrite: nothing }),
  };
  const worker = lastWorker(asked, node, endsBefore);
  const overlay = worker
    ? await patched(session, reach, endsBefore.get(worker) as WorkerEnd, overlays.get(worker))
    : createOverlay(session.base, reach);
  if (agent?.role === 'work') overlays.set(node.id, overlay);
  return { overlay, reach };
};

type WorkerEnd = Extract<NodeEnd, { readonly status: 'ok' }>;

const everything = (): boolean => true;
const nothing = (): boolean => false;

const readers = new WeakMap<Spec, (path: string) => boolean>();

const scopeReader = (spec: Spec): ((path: string) => boolean) => {
  const covers = readers.get(spec) ?? compileScope([...spec.scope, ...spec.context]);
  readers.set(spec, covers);
  return covers;
};

const writerOf = (
  { spec, unit }: AskedUnit,
  { config }: AskingSession,
): Pick<OverlayReach, 'mayWrite' | 'isProtected'> => {
  const isProtected = compileProtected(config.gate.protected);
  const inScope = unit.kind === 'file' ? undefined : compileScope(spec.scope);
  const covers = inScope ?? ((path: string) => unit.paths.includes(path));
  return { mayWrite: (path) => covers(path) && !isProtected(path), isProtected };
};

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
