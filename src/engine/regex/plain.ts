// SPDX-License-Identifier: GPL-3.0-only
import type { Pattern, Ranges, RegexTree } from './tree.ts';

/**
 * An anchored pattern written with groups, classes and counts only, the way that every engine's
 * converter reads them. `undefined` where it matches a quote, a backslash or anything beyond
 * printable ASCII: engines put patterns into JSON without escaping.
 */
export const plainRegex = ({ tree, anchored }: Pattern): string | undefined => {
  const body = anchored ? write(tree) : undefined;
  return body === undefined ? undefined : `^${body}$`;
};

const write = (tree: RegexTree): string | undefined => {
  if (tree.kind === 'set') return writeSet(tree.ranges);
  if (tree.kind === 'repeat') {
    const part = write(tree.part);
    return part === undefined ? undefined : `${part}${count(tree.min, tree.max)}`;
  }
  const parts = (tree.kind === 'sequence' ? tree.parts : tree.options).map(write);
  if (parts.includes(undefined)) return undefined;
  if (tree.kind === 'sequence') return parts.length === 1 ? parts[0] : `(${parts.join('')})`;
  return `(${parts.join('|')})`;
};

const count = (min: number, max: number): string => {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
};

const writeSet = (ranges: Ranges): string | undefined => {
  const plain = ranges.every(([from, to]) => from >= 0x20 && to <= 0x7e);
  const holds = (point: number): boolean =>
    ranges.some(([from, to]) => from <= point && point <= to);
  if (!plain || ranges.length === 0 || holds(0x22) || holds(0x5c)) return undefined;
  const points = ranges.flatMap(([from, to]) => (to - from < 3 ? [...span(from, to)] : []));
  const wide = ranges.filter(([from, to]) => to - from >= 3);
  const odd = points.filter((point) => !isWordy(point));
  const wordy = points.filter(isWordy);
  const oddEnd = wide.some(([from, to]) => !isWordy(from) || !isWordy(to));
  if (oddEnd) return undefined;
  const inClass = [
    ...wide.map(([from, to]) => `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`),
    ...wordy.map((point) => String.fromCodePoint(point)),
  ];
  const lone = inClass.length === 1 && wide.length === 0 ? inClass[0] : undefined;
  const options = [
    ...(inClass.length > 0 ? [lone ?? `[${inClass.join('')}]`] : []),
    ...odd.map(literal),
  ];
  return options.length === 1 ? options[0] : `(${options.join('|')})`;
};

const span = function* (from: number, to: number): Generator<number> {
  for (let point = from; point <= to; point += 1) yield point;
};

const isWordy = (point: number): boolean => /[A-Za-z0-9_]/.test(String.fromCodePoint(point));

const literal = (point: number): string => {
  const character = String.fromCodePoint(point);
  return '^$.[]()|{}*+?'.includes(character) ? `\\${character}` : character;
};
