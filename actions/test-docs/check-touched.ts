// SPDX-License-Identifier: GPL-3.0-only
import { isDeepStrictEqual } from 'node:util';
import { blocksOf, foldKey, innerLines, type RawNote, type Values, valuesIn } from './raw-front.ts';

const isFree = (free: ReadonlySet<string>, key: unknown): boolean =>
  free.has(String(key).toLowerCase());

/** What is wrong with the keys that the spec does not speak of; nothing where all is as it was. */
export const findTouched = (
  base: RawNote,
  patched: RawNote,
  free: ReadonlySet<string>,
): string | undefined => {
  const [was, is] = [valuesIn(base.front), valuesIn(patched.front)];
  if (!was || !is) return 'the frontmatter is not valid YAML';
  for (const [key, value] of was) {
    if (!isFree(free, key) && !isDeepStrictEqual(is.get(key), value))
      return `the key ${key} has changed`;
  }
  const added = [...is.keys()].find((key) => !was.has(key) && !isFree(free, key));
  if (added !== undefined) return `the key ${added} was added`;
  const twice = spelledTwice(was, is, free);
  if (twice !== undefined) return twice;
  const [before, after] = [keptLines(base.front, free), linesCounted(patched.front)];
  for (const [line, times] of before) {
    if ((after.get(line) ?? 0) < times)
      return `the line "${line.trimEnd().slice(0, 80)}" is gone or has changed`;
  }
  const broken = keptBlocks(base.front, free).find((block) => !patched.front.includes(block));
  if (broken !== undefined) return `the lines of "${broken.slice(0, 80).trimEnd()}" have changed`;
  if (base.front === '') return undefined;
  return fencesOf(base.front).every((fence, index) => fence === fencesOf(patched.front)[index])
    ? undefined
    : 'the lines around the frontmatter have changed';
};

/** A key stays as it is spelled, and one that is there in two spellings is nobody's to edit. */
const spelledTwice = (was: Values, is: Values, free: ReadonlySet<string>): string | undefined => {
  const names = [...new Set([...was.keys(), ...is.keys()])].filter((key) => isFree(free, key));
  const again = names.find(
    (key, index) => names.findIndex((one) => foldKey(one) === foldKey(key)) < index,
  );
  return again === undefined ? undefined : `the key ${again} is there in another spelling`;
};

const fencesOf = (front: string): readonly string[] => {
  const lines = front.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
  return [lines[0] ?? '', lines.at(-1) ?? ''];
};

const count = (lines: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
};

const linesCounted = (front: string) => count(innerLines(front));

const isInBraces = (front: string): boolean =>
  /^\s*\{/.test(innerLines(front).find((line) => !/^\s*(?:#|$)/.test(line)) ?? '');

/** The lines of each key that is not free, without the comments and blank lines below it. */
const keptBlocks = (front: string, free: ReadonlySet<string>): readonly string[] =>
  isInBraces(front)
    ? []
    : blocksOf(front)
        .filter(({ key }) => key !== '' && !isFree(free, key))
        .map(({ lines }) =>
          lines.slice(0, lines.findLastIndex((line) => !/^\s*(?:#|$)/.test(line)) + 1).join(''),
        );

/** Lines that must all be there still: those of keys not free, and every comment line. */
const keptLines = (front: string, free: ReadonlySet<string>) => {
  const inBraces = isInBraces(front);
  return count(
    blocksOf(front).flatMap(({ key, lines }) =>
      inBraces || isFree(free, key) ? lines.filter((line) => /^\s*#/.test(line)) : lines,
    ),
  );
};
