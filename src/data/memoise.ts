// SPDX-License-Identifier: GPL-3.0-only
import { createCache } from './bounded-cache.ts';

/**
 * A pure function of a text that keeps its last `limit` answers, so that asking the same for each
 * of ten thousand units costs once. The answers are shared: nobody may change them.
 */
export const memoise = <Value>(
  limit: number,
  compute: (text: string) => Value,
): ((text: string) => Value) => {
  const cache = createCache<string, { readonly value: Value }>(limit);
  return (text) => {
    const cached = cache.get(text);
    if (cached) return cached.value;
    const value = compute(text);
    cache.set(text, { value });
    return value;
  };
};

/** A function that works its answer out when it is first asked. */
export const once = <Value>(compute: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: compute() };
    return made.value;
  };
};

/** A function of an object that works each one out once, for as long as the object lives. */
export const memoiseByObject = <Key extends object, Value>(
  compute: (key: Key) => Value,
): ((key: Key) => Value) => {
  const cache = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const made = cache.get(key) ?? { value: compute(key) };
    cache.set(key, made);
    return made.value;
  };
};
