// SPDX-License-Identifier: GPL-3.0-only

/** Every text in a value of JSON, keys included, each with the path to it. */
export function* textsIn(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<readonly [path: readonly (string | number)[], text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* textsIn(item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield [[...path, key], key];
      yield* textsIn(item, [...path, key]);
    }
  }
}

/** The same value with each of its texts changed; keys stay. */
export const mapTexts = <Value>(value: Value, change: (text: string) => string): Value => {
  const map = (one: unknown): unknown => {
    if (typeof one === 'string') return change(one);
    if (Array.isArray(one)) return one.map(map);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, map(item)]));
  };
  return map(value) as Value;
};
