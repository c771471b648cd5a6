// SPDX-License-Identifier: GPL-3.0-only
import { whereDiffer } from '../../../src/chore/where-differ.ts';
import { type Entry, type Front, isSameKey, readFront } from './front.ts';

/** Keys whose lines a sentence or rule lets come, change or go. */
export type Change = {
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Whether keys may stand in another order than before. */
  readonly reordered: boolean;
};

/** What is left of the new block, once what may change is as it was, that is not the old block. */
export const findLeft = (old: Front, now: Front, change: Change): string | undefined => {
  const target = without(old, change.removed);
  const undone = undo(old, now, change.changed);
  if (undone === target) return undefined;
  const [before, after] = [chunksOf(target), chunksOf(undone)];
  const isOrder =
    change.reordered && before && after && sorted(before).join('\0') === sorted(after).join('\0');
  if (isOrder) return undefined;
  return `no sentence asks for what is done ${whereDiffer(target, undone)}`;
};

const sorted = ({ top, chunks, rest }: Chunks): readonly string[] => [
  top,
  ...chunks.toSorted(),
  rest,
];

/** The text with the key's whole lines cut out. */
const cutLines = (yaml: string, { from, to }: Entry): string =>
  yaml.slice(0, from) + yaml.slice(to).replace(/^(?:\r?\n|\r)/, '');

const without = ({ yaml, entries }: Front, keys: readonly string[]): string =>
  entries
    .filter(({ key }) => keys.some((name) => isSameKey(name, key)))
    .toReversed()
    .reduce(cutLines, yaml);

/** The new text with changed keys as they were and added ones gone. */
const undo = (old: Front, now: Front, keys: readonly string[]): string =>
  now.entries
    .filter(({ key }) => keys.some((name) => isSameKey(name, key)))
    .toReversed()
    .reduce((yaml, entry) => {
      const before = old.entries.find(({ key }) => key === entry.key);
      if (before) return yaml.slice(0, entry.from) + before.source + yaml.slice(entry.to);
      if (!now.inBraces) return cutLines(yaml, entry);
      const start = yaml.slice(0, entry.from).replace(/, $/, '');
      const end = yaml.slice(entry.to);
      return start + (start.length < entry.from ? end : end.replace(/^, /, ''));
    }, now.yaml);

type Chunks = { readonly top: string; readonly chunks: readonly string[]; readonly rest: string };

/** Keys with the comments right above them; what a blank line sets apart on top belongs to no key. */
const chunksOf = (yaml: string): Chunks | undefined => {
  const [end = '\n'] = /\r\n|\n|\r/.exec(yaml) ?? [];
  const front = readFront(`---${end}${yaml}---${end}`);
  if (!front || front.inBraces || front.yaml !== yaml) return undefined;
  const first = front.entries[0]?.from ?? 0;
  const top = /^(?:[\s\S]*[\r\n])?[ \t]*(?:\r?\n|\r)/.exec(yaml.slice(0, first))?.[0] ?? '';
  let at = top.length;
  const chunks = front.entries.map(({ to }) => {
    const stop = to + (/^(?:\r?\n|\r)/.exec(yaml.slice(to))?.[0].length ?? 0);
    const chunk = yaml.slice(at, stop);
    at = stop;
    return chunk;
  });
  return { top, chunks, rest: yaml.slice(at) };
};

/** An added key that parts a comment from the key below it. */
export const findParted = (old: Front, now: Front): string | undefined => {
  if (now.inBraces) return undefined;
  const isNew = ({ key }: Entry): boolean => !old.entries.some((entry) => entry.key === key);
  const parting = now.entries.find((entry, index) => {
    const gap = now.yaml.slice(now.entries[index - 1]?.to ?? 0, entry.from);
    const above = gap.split(/\r?\n|\r/).at(-2) ?? '';
    const below = now.entries.slice(index + 1).some((other) => !isNew(other));
    return isNew(entry) && below && /^\s*#/.test(above);
  });
  return parting && `the key "${parting.key}" stands between a comment and its key`;
};
