// SPDX-License-Identifier: GPL-3.0-only
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { ZodError } from 'zod';
import { loadFlow } from '../../flow/load-flow.ts';
import type { Flow } from '../../flow/schema.ts';
import type { Forge } from '../../forge/forge.ts';
import type { Summary } from '../../morning/summary.ts';
import type { Bundle } from '../../trace/bundle.ts';
import { openJournal } from '../../trace/journal.ts';
import { acquireLock } from '../../trace/lock.ts';
import { openTraces, type Traces } from '../../trace/open-traces.ts';
import { doubtReviews } from '../publish/doubt-reviews.ts';
import { decisionOf } from '../publish/publish-spec.ts';
import {
  closeNight,
  type NightFacts,
  type SettleContext,
  type SettledSpec,
  settleSkipped,
  settleSpec,
  summaryOf,
  writeMorning,
} from '../publish/settle-spec.ts';
import type { FrozenTerms } from '../record/frozen-terms.ts';
import {
  type DecidedSpec,
  type JournalRecord,
  journalSchema,
  type Night,
} from '../record/night-record.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { unrecorded } from '../run/open-session.ts';
import { endOf, type NodeEnd } from '../run/run-step.ts';
import type { NightWatch } from '../run/session.ts';
import type { SpecEnd } from '../spec/run-spec.ts';
import type { GatheredNight } from './gather-artifacts.ts';
import { gatherFigures } from './job-figures.ts';

export type PublishOptions = {
  readonly arrived: Pick<GatheredNight, 'night' | 'absent' | 'refused'>;
  /** The night's folder, put together. */
  readonly folder: string;
  readonly terms: FrozenTerms | undefined;
  readonly repository: string;
  readonly state: StateFolder;
  readonly forge: Forge;
  /** Say what would be opened; keep nothing. */
  readonly dryRun: boolean;
  /** Where summary and report are left beside the night's folder. */
  readonly out?: string | undefined;
  readonly watch: NightWatch;
  readonly signal: AbortSignal;
};

/**
 * Ends a night whose nodes ran in other processes: opens what their gate approved, and keeps what
 * the night taught. Repeated after a crash, it opens nothing twice.
 */
export const publishNight = async (options: PublishOptions): Promise<Summary> => {
  const { arrived, folder, state, dryRun, out, terms } = options;
  const { night } = arrived;
  const release = await acquireLock(state.lock, 'publish');
  const journal = dryRun ? unrecorded : openJournal(join(folder, 'journal.jsonl'), journalSchema);
  try {
    const traces = openTraces(folder);
    const desk = deskOf(options, journal.records, traces, journal);
    if (journal.records.length === 0) journal.append({ type: 'night', state: 'start' });
    const worked = await settleAll(desk, options, traces);
    const facts: NightFacts = {
      ...(dryRun && { dryRun }),
      confinement: terms?.confinement ?? 'nothing',
      reviewers: terms?.reviewers ?? [],
      engines: [...(await gatherFigures(folder))],
      notices: [
        ...(terms?.notices ?? []),
        ...night.notices,
        ...night.mistakes,
        ...arrived.refused.map((line) => `Not taken: ${line}.`),
      ],
    };
    const summary = dryRun
      ? summaryOf(night, worked, facts)
      : await closeNight(desk, state, worked, async () => facts);
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      await writeMorning(out, summary);
    }
    return summary;
  } finally {
    journal.close();
    release();
  }
};

const deskOf = (
  { arrived, folder, repository, watch, signal }: PublishOptions,
  records: readonly JournalRecord[],
  traces: Traces,
  journal: SettleContext['journal'],
): SettleContext => ({
  night: arrived.night,
  folder,
  repository,
  journal,
  watch,
  signal,
  published: new Set(
    records.flatMap((record) =>
      record.type === 'publish' && record.state === 'done' ? [record.commit] : [],
    ),
  ),
  ended: new Set(records.flatMap((record) => (record.type === 'spec' ? [record.spec] : []))),
  doubt: (spec, decision) => doubtReviews(traces, spec, decision),
});

const settleAll = async (
  desk: SettleContext,
  { arrived, forge, dryRun }: PublishOptions,
  traces: Traces,
): Promise<readonly SettledSpec[]> => {
  const flows = flowsOf(arrived.night);
  const publishing = new PQueue({ concurrency: 1 });
  const target: Forge = dryRun ? { list: forge.list, open: async () => ({}) } : forge;
  const worked: SettledSpec[] = [];
  for (const decided of arrived.night.specs) {
    desk.signal.throwIfAborted();
    const { skip, flow } = decided;
    worked.push(
      skip !== undefined
        ? settleSkipped(desk, decided, skip)
        : await settleSpec(
            desk,
            target,
            decided,
            endIn(traces, decided, flows.get(flow) as Flow, arrived.absent),
            publishing,
          ),
    );
  }
  return worked;
};

const flowsOf = ({ flows }: Night): ReadonlyMap<string, Flow> =>
  new Map(Object.entries(flows).map(([name, source]) => [name, loadFlow(source)]));

/** What no node writes may come from another machine all the same, and costs its own spec. */
const readEnd = (bundle: Bundle, isGate: boolean): NodeEnd => {
  try {
    const end = endOf(bundle);
    if (isGate && end.status === 'ok') decisionOf(end);
    return end;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ZodError)) throw error;
    return { status: 'skipped', reason: `the bundle of ${bundle.address.node} is none it leaves` };
  }
};

/** How a spec left its flow, as the bundles of its first and last node say. */
const endIn = (
  traces: Traces,
  { spec }: DecidedSpec,
  { entry, output }: Flow,
  absent: GatheredNight['absent'],
): SpecEnd => {
  const ended = (node: string): NodeEnd => {
    const bundle = traces.read({ spec: spec.id, unit: '_spec', node });
    if (bundle) return readEnd(bundle, node === output);
    return { status: 'skipped', reason: absent(spec.id, node) ?? `${node} left no bundle` };
  };
  const plan = ended(entry);
  if (plan.status === 'skipped') return { plan, gate: plan };
  return { plan, gate: ended(output) };
};
