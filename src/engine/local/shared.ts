// SPDX-License-Identifier: GPL-3.0-only

/** One engine's share of what holds a model; who is bound to the same model with the same settings shares it. */
export type Share<Held> = {
  /** Opens it on first use; a failure is not kept. */
  readonly held: (key: string, open: () => Promise<Held>) => Promise<Held>;
  /** The last one to close ends it. */
  readonly close: () => Promise<void>;
};

type Entry<Held> = { users: number; readonly opened: Promise<Held> };

/** What several engines of one process share, by a key of their settings and their model. */
export const createShares = <
  Held extends { readonly close: () => Promise<void> },
>(): (() => Share<Held>) => {
  const entries = new Map<string, Entry<Held>>();
  return () => {
    let used: string | undefined;
    let closed = false;
    return {
      held: (key, open) => {
        if (closed) return Promise.reject(new Error('the engine is closed'));
        const known = entries.get(key);
        if (known && used === key) return known.opened;
        const entry = known ?? { users: 0, opened: open() };
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
