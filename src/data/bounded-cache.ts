// SPDX-License-Identifier: GPL-3.0-only

/** What was kept last, by key. */
export type BoundedCache<Key, Value> = {
  readonly get: (key: Key) => Value | undefined;
  /** Keeps a value as the newest one; the oldest go. */
  readonly set: (key: Key, value: Value) => void;
  readonly delete: (key: Key) => void;
};

/** Keeps values whose sizes, by default 1 for each, are together at most `most`; the newest in any case. */
export const createCache = <Key, Value>(
  most: number,
  sizeOf: (value: Value, key: Key) => number = () => 1,
): BoundedCache<Key, Value> => {
  const values = new Map<Key, Value>();
  let total = 0;
  const remove = (key: Key): void => {
    const value = values.get(key);
    if (value !== undefined) total -= sizeOf(value, key);
    values.delete(key);
  };
  return {
    get: (key) => values.get(key),
    set: (key, value) => {
      remove(key);
      values.set(key, value);
      total += sizeOf(value, key);
      for (const oldest of values.keys()) {
        if (total <= most || oldest === key) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
};
