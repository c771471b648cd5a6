// SPDX-License-Identifier: GPL-3.0-only
import type { JournalRecord } from './night-schemas.ts';

/** What an earlier, interrupted part of a night recorded. */
export type AlreadyDone = {
  /** Node records by `spec/unit/node`. */
  readonly finished: ReadonlyMap<string, Extract<JournalRecord, { readonly type: 'node' }>>;
  /** Specs whose end was recorded. */
  readonly ended: ReadonlySet<string>;
  /** Commits whose pull request was opened. */
  readonly published: ReadonlySet<string>;
};

/** Sorts the records that a journal had when it was opened. */
export const alreadyDone = (records: readonly JournalRecord[]): AlreadyDone => ({
  finished: new Map(
    records.flatMap((record) =>
      record.type === 'node'
        ? [[`${record.spec}/${record.unit}/${record.node}`, record] as const]
        : [],
    ),
  ),
  ended: new Set(records.flatMap((record) => (record.type === 'spec' ? [record.spec] : []))),
  published: new Set(
    records.flatMap((record) =>
      record.type === 'publish' && record.state === 'done' ? [record.commit] : [],
    ),
  ),
});
