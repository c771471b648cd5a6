// SPDX-License-Identifier: GPL-3.0-only

/**
 * A pure function of a text that keeps its last `limit` answers, so that asking the same for each
 * of ten thousand units costs once. The answers are shared: nobody may change them.
 */
export const remember = <Value>(
  limit: number,
  compute: (text: string) => Value,
): ((text: string) => Value) => {
  const known = new Map<string, { readonly value: Value }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.value;
    const value = compute(text);
    for (const oldest of known.keys()) {
      if (known.size < limit) break;
      known.delete(oldest);
    }
    known.set(text, { value });
    return value;
  };
};
