// SPDX-License-Identifier: GPL-3.0-only
import type { JournalRecord } from './night-schemas.ts';

/** What an earlier, interrupted part of a night recorded. */
export type AlreadyDone = {
  /** Node records by `spec/unit/node`. */
  readonly finished: ReadonlyMap<string, Extract<JournalRecord, { readonly type: 'node' }>>;
  /** Specs whose end was recorded. */
  readonly ended: ReadonlySet<string>;
  /** By spec: the commit that was last on its way to the forge, and whether it arrived. */
  readonly published: ReadonlyMap<string, Extract<JournalRecord, { readonly type: 'publish' }>>;
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
  published: new Map(
    records.flatMap((record) =>
      record.type === 'publish' ? [[record.spec, record] as const] : [],
    ),
  ),
});
