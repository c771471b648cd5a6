// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { type ModelPool, openModelPool, type PoolSettings } from './model-pool.ts';

/** One engine's share of a pool; agents that are bound to the same model with the same settings share it. */
export type SharedPool = {
  /** Opens it on first use; a failure is not kept. `setting` is for messages. */
  readonly pool: (setting: string, digest: string) => Promise<ModelPool>;
  /** The last one to close ends the processes. */
  readonly close: () => Promise<void>;
};

type Entry = { users: number; opened: Promise<ModelPool> };

const entries = new Map<string, Entry>();

/** A share of the pool with these settings; nothing is loaded yet. */
export const openShared = (settings: PoolSettings): SharedPool => {
  let key: string | undefined;
  let closed = false;
  const pool = (setting: string, digest: string): Promise<ModelPool> => {
    if (closed) return Promise.reject(new Error('the engine is closed'));
    // A file that was changed in between is another model.
    const wanted = canonicalJson({ ...settings, digest });
    const known = entries.get(wanted);
    if (known && key === wanted) return known.opened;
    const entry = known ?? { users: 0, opened: openModelPool(settings, setting) };
    entries.set(wanted, entry);
    entry.users += 1;
    key = wanted;
    entry.opened.catch(() => {
      if (entries.get(wanted) === entry) entries.delete(wanted);
      if (key === wanted) key = undefined;
    });
    return entry.opened;
  };
  return {
    pool,
    close: async () => {
      closed = true;
      const entry = key === undefined ? undefined : entries.get(key);
      if (!entry || key === undefined) return;
      entry.users -= 1;
      if (entry.users > 0) return;
      entries.delete(key);
      key = undefined;
      await (await entry.opened.catch(() => undefined))?.close();
    },
  };
};
