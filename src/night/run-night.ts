// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import type { CodedReason } from '../data/findings/table.ts';
import { once } from '../data/memoise.ts';
import type { Forge } from '../forge/forge.ts';
import type { Summary } from '../morning/summary.ts';
import { type Journal, openJournal } from '../trace/journal.ts';
import { openTraces } from '../trace/open-traces.ts';
import { extendSealed } from '../trace/sign/seal.ts';
import { openBaseTree } from '../workspace/base-tree.ts';
import type { Repository } from '../workspace/repository.ts';
import type { NodeRecord, WorkNight } from './child/outside.ts';
import { acceptNight } from './publish/accept-night.ts';
import { journaledTraces } from './publish/journaled-traces.ts';
import { publishNight } from './publish/publish-night.ts';
import { readSpecEnd } from './publish/read-end.ts';
import { alreadyDone } from './record/already-done.ts';
import { type FrozenTerms, writeTerms } from './record/frozen-terms.ts';
import { type JournalRecord, journalSchema, type Night } from './record/night-schemas.ts';
import type { WholeTask } from './record/night-task.ts';
import type { StateFolder } from './record/state-folder.ts';
import { specUnit } from './run/run-plan.ts';
import type { NightWatch } from './run/session.ts';

export type NightRun = {
  readonly task: WholeTask;
  readonly work: WorkNight;
  readonly repository: Repository;
  readonly state: StateFolder;
  /** The night's folder, as this process sees it. */
  readonly folder: string;
  readonly forge: Forge;
  readonly watch: NightWatch;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Has a night worked, and publishes what its gate approved as specs leave their flows. Whoever works
 * holds no token and writes neither `night.json` nor the journal: it tells, and this looks and writes.
 * @throws the signal's reason when interrupted; the night can then be resumed.
 */
export const runNight = async (
  run: NightRun,
): Promise<{ readonly summary: Summary; readonly night: Night }> => {
  const { task, work, watch, say } = run;
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const left = openTurns();
  let published: Promise<Summary> | undefined;
  let begun: { readonly night: Night; readonly journal: Journal<JournalRecord> } | undefined;
  let terms: FrozenTerms | undefined;
  const records = new Map<string, NodeRecord>();
  const ended = Promise.withResolvers<Awaited<ReturnType<WorkNight>>>();
  ended.promise.catch(() => {});
  const outside: Parameters<WorkNight>[1] = {
    say,
    node: watch.node,
    extend: extendSealed(run.state.root),
    ready: async (night) => {
      if (begun !== undefined) throw new Error('a night begins once');
      await acceptNight(run.task, run.repository, night, [run.folder]);
      begun = { night, journal: openJournal(join(run.folder, 'journal.jsonl'), journalSchema) };
      const { journal } = begun;
      for (const record of journal.records) if (record.type === 'node') note(records, record);
      const state = alreadyDone(journal.records).finished.size > 0 ? 'resume' : 'start';
      journal.append({ type: 'night', state });
      const facts = () => ({ terms: terms as FrozenTerms, ended: ended.promise });
      published = publish(run, night, journal, { left, records, facts, signal });
      published.catch((error) => stop.abort(error));
    },
    terms: (frozen) => {
      terms = frozen;
      writeTerms(run.folder, frozen);
    },
    record: (record) => {
      note(records, record);
      begun?.journal.append(record);
    },
    left: left.come,
  };
  try {
    ended.resolve(await work(task, outside, signal));
    left.close(new Error('the night was worked and this spec did not leave its flow'));
    if (!published || !begun) throw new Error('a night ended that never began');
    return { summary: await published, night: begun.night };
  } catch (error) {
    const reason = run.signal.aborted ? run.signal.reason : error;
    ended.reject(reason);
    left.close(reason);
    await published?.catch(() => {});
    throw stop.signal.aborted && !run.signal.aborted ? stop.signal.reason : reason;
  } finally {
    begun?.journal.close();
  }
};

const keyOf = ({ spec, unit, node }: Pick<NodeRecord, 'spec' | 'unit' | 'node'>): string =>
  `${spec}/${unit}/${node}`;

const note = (records: Map<string, NodeRecord>, record: NodeRecord): void => {
  records.set(keyOf(record), record);
};

type Told = {
  readonly left: Turns;
  readonly records: ReadonlyMap<string, NodeRecord>;
  readonly facts: () => {
    readonly terms: FrozenTerms;
    readonly ended: Promise<Awaited<ReturnType<WorkNight>>>;
  };
  readonly signal: AbortSignal;
};

const publish = (
  { repository, state, folder, forge, watch, say }: NightRun,
  night: Night,
  journal: Journal<JournalRecord>,
  { left, records, facts, signal }: Told,
): Promise<Summary> => {
  const traces = journaledTraces(openTraces(folder), folder, (address) =>
    records.get(keyOf(address)),
  );
  const absent = (spec: string, node: string): CodedReason | undefined => {
    const { code = 'job.no-bundle', reason } =
      records.get(keyOf({ spec, unit: specUnit.id, node })) ?? {};
    return reason === undefined ? undefined : { code, reason };
  };
  const paths = once(async () => {
    const base = await openBaseTree(repository.root, night.base.commit);
    await base.close();
    return [...base.entries.keys()].sort();
  });
  return publishNight({
    context: {
      ...alreadyDone(journal.records),
      ...{ night, folder, traces, journal, watch, signal, repository: repository.root },
    },
    state,
    forge,
    say,
    atOnce: Number.POSITIVE_INFINITY,
    endOf: async (decided) => {
      await left.of(decided.spec.id);
      return readSpecEnd({ night, traces, absent, terms: facts().terms, paths }, decided);
    },
    facts: async () => {
      const { engines } = await facts().ended;
      const { terms } = facts();
      const notices = [...terms.notices, ...night.notices, ...night.mistakes];
      return { confinement: terms.confinement, reviewers: terms.reviewers, engines, notices };
    },
  });
};

/** Waits for each of some to come; what has not come when it closes never does. */
type Turns = {
  readonly of: (id: string) => Promise<void>;
  readonly come: (id: string) => void;
  readonly close: (reason: unknown) => void;
};

const openTurns = (): Turns => {
  const turns = new Map<string, PromiseWithResolvers<void>>();
  const turnOf = (id: string): PromiseWithResolvers<void> => {
    const turn = turns.get(id) ?? Promise.withResolvers<void>();
    turns.set(id, turn);
    return turn;
  };
  let closed: { readonly reason: unknown } | undefined;
  return {
    of: (id) => {
      const { promise, reject } = turnOf(id);
      if (closed) reject(closed.reason);
      return promise;
    },
    come: (id) => turnOf(id).resolve(),
    close: (reason) => {
      closed = { reason };
      for (const { promise, reject } of turns.values()) {
        promise.catch(() => {});
        reject(reason);
      }
    },
  };
};
