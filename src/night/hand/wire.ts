// SPDX-License-Identifier: GPL-3.0-only

/* One line of JSON that also carries maps, bytes, and `undefined` where it stands in a list or a map. */

const encoded = '$pantheon';

/** A value as one line. */
export const toLine = (value: unknown): string => `${JSON.stringify(value, replace)}\n`;

const replace = (_: string, value: unknown): unknown => {
  if (value instanceof Map) {
    const entries = [...value].map(([key, part]) => [key, part === undefined ? nothing : part]);
    return { [encoded]: 'map', entries };
  }
  return value;
};

const nothing = { [encoded]: 'nothing' };

/** Reads a line back; nothing in it is judged. @throws SyntaxError */
export const fromLine = (line: string): unknown => JSON.parse(line, revive);

const revive = (_: string, value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, encoded)) return value;
  const { [encoded]: kind, entries } = value as { readonly [encoded]: unknown; entries?: unknown };
  if (kind !== 'map' || !Array.isArray(entries)) return value;
  return new Map(entries.map((pair) => plain(pair)));
};

const plain = (pair: unknown): [unknown, unknown] => {
  if (!Array.isArray(pair)) throw new SyntaxError('an entry of a map is not a pair');
  const [key, value] = pair;
  return [key, isNothing(value) ? undefined : value];
};

const isNothing = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).join() === `${encoded},nothing`;
