// SPDX-License-Identifier: GPL-3.0-only
import type { Output } from '../../agent/schema.ts';
import { boundBy } from '../../boundary/limits/bound-by.ts';
import { type ExamCase, prepareCase } from '../../review/exam/exam-case.ts';
import type { NightLooks } from '../../review/exam/night-looks.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import type { SessionParts } from '../run/open-session.ts';
import type { AskedUnit } from '../run/run-plan.ts';
import type { NodeEnd } from '../run/run-step.ts';
import type { AskingSession } from '../run/session.ts';

/** A patch of an exam as a unit, and how the nodes before the reviewers seem to have ended for it. */
export type ExamUnit = {
  readonly asked: AskedUnit;
  readonly before: ReadonlyMap<string, NodeEnd>;
  readonly overlays: Map<string, Overlay>;
};

/** What a node before the reviewers is to have said, given what the exam would have it say. */
export type Says = (node: string, made: Output) => Output;

/** Makes a unit of a patch: its reviewers are asked about it as about any other. */
export const examUnit = async (
  { session, flow }: Pick<AskedUnit, 'session' | 'flow'>,
  examCase: ExamCase,
  says: Says = (_, made) => made,
): Promise<ExamUnit> => {
  const { spec, unit } = examCase;
  const { base, overlay, work, test } = await prepareCase(examCase, session.base);
  const plan: Output = {
    status: 'ok',
    notes: `1 files in scope, 1 units for ${flow.workers[0]?.name}`,
    metrics: { files: 1, units: 1 },
    result: { units: [unit], files: unit.paths.length },
  };
  const made: Readonly<Record<string, Output>> = { plan, work, test };
  const before = Object.entries(made).flatMap(([role, output]) =>
    idsByRole(flow, role).map((id): [string, NodeEnd] => [
      id,
      { status: 'ok', output: says(id, output), identity: '' },
    ]),
  );
  return {
    asked: { session: { ...session, base }, flow, spec, unit },
    before: new Map(before),
    overlays: new Map(idsByRole(flow, 'work').map((id) => [id, overlay])),
  };
};

/** Before a night: no check of a spec is run in an exam, so no package is looked for. */
export const examSession = ({
  base,
  setup: { config, chores, rules },
  executor,
}: Pick<SessionParts, 'base' | 'setup' | 'executor'>): AskingSession => ({
  ...{ base, config, chores, rules },
  executor: boundBy(executor, config.sandbox),
  dependencies: async () => [],
  commitDates: new Map(),
});

/** What a flow's reviewers see of a night with these specs. */
export const looksOf = (
  queue: readonly Spec[],
  { workers: [worker] }: Pick<BoundFlow, 'workers'>,
): NightLooks => ({
  queue,
  worker: worker?.name ?? '',
  unit: worker?.kind === 'model' && worker.unit === 'file' ? 'file' : 'spec',
});

/** The nodes of a flow whose agents have a role. */
export const idsByRole = (
  { order, manifests }: Pick<BoundFlow, 'order' | 'manifests'>,
  role: string,
): readonly string[] => order.map(({ id }) => id).filter((id) => manifests.get(id)?.role === role);
