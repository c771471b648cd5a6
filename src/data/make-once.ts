// SPDX-License-Identifier: GPL-3.0-only

/** What `make` makes for a key, made once: who asks meanwhile waits for the same. */
export const makeOnce = <Value>(
  values: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> => {
  const pending = values.get(key);
  if (pending) return pending;
  const made = make();
  values.set(key, made);
  return made;
};
