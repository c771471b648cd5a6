// SPDX-License-Identifier: GPL-3.0-only
import { ZodError } from 'zod';
import type { CodedReason } from '../../data/findings/table.ts';
import type { Flow } from '../../flow/schema.ts';
import type { Bundle } from '../../trace/bundle.ts';
import type { Traces } from '../../trace/open-traces.ts';
import { readHidden } from '../exam/hidden-verdicts.ts';
import { whyNoVote } from '../exam/why-no-vote.ts';
import type { FrozenTerms } from '../record/frozen-terms.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import { type Planned, specUnit, unitsOf } from '../run/run-plan.ts';
import { endOf, type NodeEnd, noBundle } from '../run/run-step.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import { decisionOf } from './publish-spec.ts';

/** What no node writes may come from another machine all the same, and costs its own spec. */
const readEnd = (bundle: Bundle, check: (end: Planned) => unknown): NodeEnd => {
  try {
    const end = endOf(bundle);
    if (end.status === 'ok') check(end);
    return end;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
    const reason = `the bundle of ${bundle.address.node} is none it leaves`;
    return { status: 'skipped', code: 'job.bad-bundle', reason };
  }
};

/** What tells how specs ended in another process. */
export type LeftNight = {
  readonly night: Night;
  /** Why a node left no bundle for a spec, where something says. */
  readonly absent: (spec: string, node: string) => CodedReason | undefined;
  readonly traces: Pick<Traces, 'read'>;
  readonly terms: FrozenTerms | undefined;
  /** Of the base, sorted. */
  readonly paths: () => Promise<readonly string[]>;
};

/** How a spec left its flow, as the bundles of its first and last node say; without a vote it came to neither. */
export const readSpecEnd = async (
  { night, traces, absent, terms, paths }: LeftNight,
  decided: DecidedSpec,
): Promise<SpecEnd> => {
  const { spec, flow } = decided;
  const { entry, output } = night.flows[flow] as Flow;
  const ended = (node: string): NodeEnd => {
    const bundle = traces.read({ spec: spec.id, unit: specUnit.id, node });
    const check = node === output ? decisionOf : (end: Planned) => unitsOf(decided, end);
    if (bundle) return readEnd(bundle, check);
    return { status: 'skipped', ...(absent(spec.id, node) ?? noBundle(node)) };
  };
  const plan = ended(entry);
  if (plan.status === 'skipped') return { plan, gate: plan };
  if (plan.status === 'failed') return { plan, gate: ended(output) };
  const units = unitsOf(decided, plan);
  const frozen = terms?.flows[flow];
  const noVote = frozen && (await whyNoVote(night, decided, frozen, units, paths));
  if (noVote !== undefined) return { plan, gate: { status: 'skipped', ...noVote } };
  return { plan, gate: ended(output), hidden: readHidden(traces, night, decided, units) };
};
