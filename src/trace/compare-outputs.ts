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
 * two are the same. JSON is compared by value. Times, cache hits and where an engine is served from
 * are left out: `startedAt`, `ms`, `...Ms`, `cachedTokens` and `runtime.origin` in metrics,
 * durations in `tests.log`; so is the order in which tests ended.
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
  if (file === 'tests.log') return compareLog(before, after);
  const [old, now] = [before.split('\n'), after.split('\n')];
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

/** Test files run side by side, so the same lines in another order are the same log. */
const compareLog = (before: string, after: string): string | undefined => {
  const [old, now] = [logLines(before), logLines(after)];
  const lost = oddLine(old, now);
  const odd = lost < 0 ? oddLine(now, old) : lost;
  return odd < 0 ? undefined : `line ${odd + 1}`;
};

/** Index of the first of `lines` that `others` do not hold as often, or -1. */
const oddLine = (lines: readonly string[], others: readonly string[]): number => {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.findIndex((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count === 0;
  });
};

/** Without durations and the numbers TAP gives tests in the order they ended. */
const logLines = (text: string): readonly string[] =>
  text
    .replace(durations, '<time>')
    .replace(/^(\s*(?:not )?ok) \d+/gm, '$1')
    .split('\n');

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
    if (key === 'origin' && path.join() === 'runtime') continue;
    const inner = [...path, key];
    if (Object.hasOwn(before, key) !== Object.hasOwn(after, key)) return inner;
    const difference = firstDifference(before[key], after[key], inner);
    if (difference) return difference;
  }
  return undefined;
};

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Numbers of `metrics.json`, of its records of answers and tools, and of an output's `metrics` only:
 * elsewhere `ms` may be a result.
 */
const isTiming = (key: string, path: Path): boolean =>
  (path.length === 0 ||
    path.at(-1) === 'metrics' ||
    (path.length === 2 && /^(?:completions|toolTimes)$/.test(path[0] ?? ''))) &&
  /^(?:ms|.*Ms|cachedTokens|startedAt)$/.test(key);
