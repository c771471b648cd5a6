// SPDX-License-Identifier: GPL-3.0-only
import type { Summary } from '../../morning/summary.ts';
import type { ExtendJournal } from '../../trace/journal.ts';
import type { FrozenTerms } from '../record/frozen-terms.ts';
import type { JournalRecord, Night } from '../record/night-schemas.ts';
import type { NightTask } from '../record/night-task.ts';
import type { NodeEvent } from '../run/session.ts';
import type { NodeCounts } from '../spec/run-one-node.ts';

export type NodeRecord = Extract<JournalRecord, { readonly type: 'node' }>;

/** What it tells as it goes, to whoever holds token, journal and state folder. */
export type Outside = {
  readonly say: (line: string) => void;
  readonly node: (event: NodeEvent) => void;
  /** It is decided, or can be resumed; work begins once this resolves. */
  readonly ready: (night: Night) => Promise<void>;
  readonly terms: (terms: FrozenTerms) => void;
  /** Writes exam results and ledger of the state folder that it works with. */
  readonly extend: ExtendJournal;
  readonly record: (record: NodeRecord) => void;
  /** A spec has gone through its flow. */
  readonly left: (spec: string) => void;
};

export type WorkEnd = Pick<Summary, 'engines'> & {
  /** Where one node was worked. */
  readonly counts?: NodeCounts | undefined;
};

/**
 * Decides a night and works it: plan, exams, nodes and gate; or works one node of a night.
 * @throws UserError for what a person must fix first; the signal's reason when interrupted.
 */
export type WorkNight = (
  task: NightTask,
  outside: Outside,
  signal: AbortSignal,
) => Promise<WorkEnd>;
