// SPDX-License-Identifier: GPL-3.0-only

import { join } from 'node:path';
import { resolveDependencies } from '../../boundary/dependencies.ts';
import type { Executor } from '../../boundary/executor.ts';
import { limitConcurrency } from '../../boundary/limit-concurrency.ts';
import { boundBy } from '../../boundary/limits/bound-by.ts';
import { installationFolder } from '../../data/installation.ts';
import type { GateTerms } from '../../review/schema.ts';
import type { Journal } from '../../trace/journal.ts';
import { openTraces } from '../../trace/open-traces.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import type { BoundFlow, RunnableFlow } from '../open/open-flow.ts';
import type { Setup } from '../open/open-setup.ts';
import { alreadyDone } from '../record/already-done.ts';
import type { JournalRecord, Night } from '../record/night-schemas.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { laneWidths, processLane } from './lane-widths.ts';
import { openLanes } from './lanes.ts';
import type { NightWatch, Session } from './session.ts';

export type SessionParts = {
  readonly night: Night;
  /** `traces/<night>`. */
  readonly folder: string;
  readonly repository: string;
  readonly base: BaseTree;
  readonly setup: Setup;
  readonly state: StateFolder;
  readonly executor: Executor;
  readonly journal: Journal<JournalRecord>;
  /** This process's name for its packs, where several write to one night. */
  readonly pack?: string;
  readonly absent?: Session['absent'];
  readonly terms: (flow: BoundFlow) => Promise<GateTerms | undefined>;
  readonly watch: NightWatch;
  readonly signal: AbortSignal;
};

/** Everything a night's nodes share, from the words the night was decided in. */
export const openSession = async (parts: SessionParts): Promise<Session> => {
  const { night, folder, repository, base, setup, state, executor, journal } = parts;
  const { concurrency } = setup.config;
  const flows = new Map<string, RunnableFlow>();
  const wanted = new Set(
    night.specs.filter(({ skip }) => skip === undefined).map(({ flow }) => flow),
  );
  for (const [name, flow] of setup.flows) {
    if (wanted.has(name)) flows.set(name, { ...flow, terms: await parts.terms(flow) });
  }
  return {
    night,
    folder,
    repository,
    config: setup.config,
    chores: setup.chores,
    rules: setup.rules,
    base,
    flows,
    // Twice the lane of what only runs processes: tools of models run some too.
    executor: limitConcurrency(
      boundBy(executor, setup.config.sandbox),
      concurrency ?? 2 * processLane(),
    ),
    dependencies: resolveDependencies({
      base,
      stateFolder: state.root,
      repository,
      // The example's package needs only what this installation has itself.
      ...(night.example && { fallback: join(installationFolder, 'node_modules') }),
    }),
    commitDates: new Map(
      night.specs.map(({ spec, firstCommitDates, lastCommitDates }) => [
        spec.id,
        {
          ...(firstCommitDates && { firstCommitDates }),
          ...(lastCommitDates && { lastCommitDates }),
        },
      ]),
    ),
    traces: openTraces(folder, parts.pack === undefined ? {} : { pack: parts.pack }),
    journal,
    ...alreadyDone(journal.records),
    identities: new Map(),
    lanes: openLanes(laneWidths(flows.values(), concurrency)),
    ...(parts.absent && { absent: parts.absent }),
    watch: parts.watch,
    signal: parts.signal,
  };
};

/** A watch that looks at nothing, and a journal that keeps nothing. */
export const unwatched: NightWatch = { node: () => {}, spec: () => {} };
export const unrecorded: Journal<JournalRecord> = {
  records: [],
  append: () => {},
  sync: () => {},
  close: () => {},
};
