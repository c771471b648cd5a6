// SPDX-License-Identifier: GPL-3.0-only
import type { Asked } from '../../spec/asked.ts';
import type { NoteSide } from './note-side.ts';

/** A patch of one note, as suspicions read it. */
export type NotePatch = {
  readonly path: string;
  readonly before: NoteSide;
  readonly after: NoteSide;
  readonly asked: readonly Asked[];
  readonly acceptance: readonly string[];
  /** Whether a file is in the patched tree. */
  readonly isThere: (path: string) => boolean;
};

/** What the patch and the note say about one suspicion: in words, and the values that these are about. */
export type PatchReading = { readonly says: string; readonly values?: readonly string[] };

/** What stands in a reading where nothing changed. */
export const asBefore = 'as before';

/** Parts that count something, in words; those of nothing are left out. */
export const counted = (parts: Readonly<Record<string, number>>): string =>
  Object.entries(parts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** How many items of a list another lacks, each as often as it stands there. */
export const missingIn = (
  items: readonly string[],
  others: readonly string[],
): readonly string[] => {
  const left = new Map<string, number>();
  for (const item of others) left.set(item, (left.get(item) ?? 0) + 1);
  return items.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count < 1;
  });
};

/** Every text among the arguments of what is asked. */
export const askedTexts = (asked: readonly Asked[]): ReadonlySet<string> => {
  const texts = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(add);
  };
  for (const { args } of asked) add(args);
  return texts;
};
