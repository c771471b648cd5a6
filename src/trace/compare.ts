// SPDX-License-Identifier: GPL-3.0-only
import { type BundleFileName, type BundleFiles, bundleFileNames } from './bundle.ts';

/** A file that a replay left otherwise; `at` is a line, or a path into the JSON of a line. */
export type FileDifference = {
  readonly file: BundleFileName;
  readonly how: 'missing' | 'added' | 'differs';
  readonly at?: string;
};

/**
 * What a replay left otherwise than the record, in the order of a bundle's files; nothing when the
 * two are the same. JSON is compared by value. Times and cache hits are left out: `ms`, `...Ms` and
 * `cachedTokens` in metrics, durations in `tests.log`.
 */
export const compareOutputs = (
  recorded: BundleFiles,
  fresh: BundleFiles,
): readonly FileDifference[] =>
  bundleFileNames.flatMap((file): FileDifference[] => {
    const [before, after] = [recorded[file], fresh[file]];
    if (before === after) return [];
    if (before === undefined) return [{ file, how: 'added' }];
    if (after === undefined) return [{ file, how: 'missing' }];
    const at = compareTexts(file, before, after);
    return at === undefined ? [] : [{ file, how: 'differs', at }];
  });

const compareTexts = (file: BundleFileName, before: string, after: string): string | undefined => {
  if (file.endsWith('.json')) return compareJson(before, after, '');
  const [old, now] = [linesOf(file, before), linesOf(file, after)];
  for (let index = 0; index < Math.max(old.length, now.length); index += 1) {
    const [left, right] = [old[index], now[index]];
    if (left === right) continue;
    const line = `line ${index + 1}`;
    if (!left || !right || !file.endsWith('.jsonl')) return line;
    const at = compareJson(left, right, `${line}: `);
    if (at !== undefined) return at;
  }
  return undefined;
};

const linesOf = (file: BundleFileName, text: string): readonly string[] =>
  (file === 'tests.log' ? text.replace(durations, '<time>') : text).split('\n');

/** As AVA, TAP and node:test print them: `1.2s`, `(35ms)`, `duration_ms: 3.5`. */
const durations = /\b\d+(?:\.\d+)?\s?(?:ms|s)\b|(?<=duration_ms:? )\d+(?:\.\d+)?/g;

const compareJson = (before: string, after: string, prefix: string): string | undefined => {
  let values: readonly [unknown, unknown];
  try {
    values = [JSON.parse(before), JSON.parse(after)];
  } catch {
    return before === after ? undefined : `${prefix}not JSON`;
  }
  const path = firstDifference(values[0], values[1], []);
  return path && `${prefix}${path.length === 0 ? 'the whole value' : path.join('.')}`;
};

type Path = readonly string[];

/** Where two values first differ, by sorted key; nothing where they are the same. */
const firstDifference = (before: unknown, after: unknown, path: Path): Path | undefined => {
  if (Object.is(before, after)) return undefined;
  if (!isContainer(before) || !isContainer(after)) return path;
  if (Array.isArray(before) !== Array.isArray(after)) return path;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  for (const key of keys) {
    if (isTiming(key, path) && typeof (before[key] ?? after[key]) === 'number') continue;
    const inner = [...path, key];
    if (Object.hasOwn(before, key) !== Object.hasOwn(after, key)) return inner;
    const found = firstDifference(before[key], after[key], inner);
    if (found) return found;
  }
  return undefined;
};

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Numbers of `metrics.json` and of an output's `metrics` only: elsewhere `ms` may be a result. */
const isTiming = (key: string, path: Path): boolean =>
  (path.length === 0 || path.at(-1) === 'metrics') && /^(?:ms|.*Ms|cachedTokens)$/.test(key);
