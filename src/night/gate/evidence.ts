// SPDX-License-Identifier: GPL-3.0-only
import { failureLine, type Role, type Unit } from '../../agent/schema.ts';
import { type CallRuling, describeDenial } from '../../boundary/verifier.ts';
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import { findingOfFailure } from '../../data/findings/failures.ts';
import type { UnitEvidence } from '../../review/gate/gate-agent.ts';
import { type Overlay, unrestricted } from '../../workspace/overlay.ts';
import { applyPatch } from '../../workspace/patch.ts';
import type { PlannedSpec } from '../run/run-plan.ts';
import { endOf, type NodeEnd } from '../run/run-step.ts';

/** What a unit's bundles say, verified: the patch is rebuilt on the base and must give its oids. */
export const readEvidence = async (planned: PlannedSpec, unit: Unit): Promise<UnitEvidence> => {
  const ends = endsOf(planned, unit);
  const work = outputOf(ends, 'work');
  const written = new Map<string, Uint8Array | undefined>();
  let ruling: CallRuling = { allow: true };
  if (work?.changes && work.changes.length > 0) {
    const { diff = '', changes } = work;
    const overlay = await applyPatch(planned.session.base, unrestricted, diff, changes);
    for (const { path } of changes) written.set(path, overlay.written(path));
    ruling = await judgeAgain(planned, overlay);
  }
  const ended = firstFailure(ends) ?? firstAbsence(planned, ends) ?? denialOf(ruling);
  return {
    unit,
    work,
    test: outputOf(ends, 'test'),
    reviews: ends.flatMap(({ end }) => (end.status === 'ok' && end.review ? [end.review] : [])),
    written,
    patched: decodeTexts(written),
    ...(ended && { ended }),
  };
};

/** The worker's own process may have been another machine's. */
const judgeAgain = (
  { session, flow, decided }: PlannedSpec,
  overlay: Overlay,
): Promise<CallRuling> => {
  const worker = flow.workers.at(-1)?.name ?? '';
  return session.rules.judgePatch(overlay, { agent: worker, spec: decided.spec });
};

const denialOf = (ruling: CallRuling): UnitEvidence['ended'] =>
  ruling.allow ? undefined : { node: 'gate', code: 'gate.denied', reason: describeDenial(ruling) };

type RoledEnd = { readonly node: string; readonly role: Role | undefined; readonly end: NodeEnd };

const endsOf = ({ session, flow, decided }: PlannedSpec, unit: Unit): readonly RoledEnd[] => {
  const before = flow.before.get(flow.definition.output);
  return flow.order
    .filter(({ id }) => before?.has(id) && id !== flow.definition.entry)
    .flatMap(({ id }) => {
      const bundle = session.traces.read({ spec: decided.spec.id, unit: unit.id, node: id });
      const role = flow.manifests.get(id)?.role;
      return bundle ? [{ node: id, role, end: endOf(bundle) }] : [];
    });
};

const outputOf = (ends: readonly RoledEnd[], role: Role) => {
  const last = ends.findLast(({ role: own, end }) => own === role && end.status === 'ok')?.end;
  return last?.status === 'ok' ? last.output : undefined;
};

const firstFailure = (ends: readonly RoledEnd[]): UnitEvidence['ended'] => {
  for (const { node, end } of ends) {
    if (end.status !== 'failed') continue;
    return { node, code: findingOfFailure(end.failure), reason: failureLine(end.failure) };
  }
  return undefined;
};

/** A node whose job did not do all it had to, and left nothing for this unit. */
const firstAbsence = (
  { session, flow, decided }: PlannedSpec,
  ends: readonly RoledEnd[],
): UnitEvidence['ended'] => {
  const before = flow.before.get(flow.definition.output);
  for (const { id } of flow.order) {
    if (!before?.has(id) || id === flow.definition.entry || ends.some(({ node }) => node === id))
      continue;
    const why = session.absent?.(decided.spec.id, id);
    if (why) return { node: id, ...why };
  }
  return undefined;
};

/** A binary file has no text to look through. */
const decodeTexts = (
  written: ReadonlyMap<string, Uint8Array | undefined>,
): ReadonlyMap<string, string> =>
  new Map(
    [...written].flatMap(([path, bytes]) => {
      const text = bytes && decodeUtf8(bytes);
      return text === undefined ? [] : [[path, text]];
    }),
  );
