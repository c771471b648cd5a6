// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';

/** One engine's share of a pool; agents that are bound to the same model with the same settings share it. */
export type Share<Pool> = {
  /** Opens it on first use; a failure is not kept. `setting` is for messages. */
  readonly pool: (setting: string, digest: string) => Promise<Pool>;
  /** The last one to close ends the processes. */
  readonly close: () => Promise<void>;
};

type Entry<Pool> = { users: number; readonly opened: Promise<Pool> };

/** Gives out shares of the pools that `open` opens, one for each settings and digest of a model. */
export const createShares = <
  Settings extends object,
  Pool extends { readonly close: () => Promise<void> },
>(
  open: (settings: Settings, setting: string) => Promise<Pool>,
): ((settings: Settings) => Share<Pool>) => {
  const entries = new Map<string, Entry<Pool>>();
  return (settings) => {
    let used: string | undefined;
    let closed = false;
    return {
      pool: (setting, digest) => {
        if (closed) return Promise.reject(new Error('the engine is closed'));
        // Files that were changed in between are another model.
        const key = canonicalJson({ ...settings, digest });
        const existing = entries.get(key);
        if (existing && used === key) return existing.opened;
        const entry = existing ?? { users: 0, opened: open(settings, setting) };
        entries.set(key, entry);
        entry.users += 1;
        used = key;
        entry.opened.catch(() => {
          if (entries.get(key) === entry) entries.delete(key);
          if (used === key) used = undefined;
        });
        return entry.opened;
      },
      close: async () => {
        closed = true;
        const entry = used === undefined ? undefined : entries.get(used);
        if (!entry || used === undefined) return;
        entry.users -= 1;
        if (entry.users > 0) return;
        entries.delete(used);
        used = undefined;
        await (await entry.opened.catch(() => undefined))?.close();
      },
    };
  };
};
