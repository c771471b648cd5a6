// SPDX-License-Identifier: GPL-3.0-only
import { decodeUtf8 } from '../../data/decode-utf8.ts';
import { canonicalJson, type Json } from '../../data/digest.ts';
import type { Overlay } from '../../workspace/overlay.ts';
import { type Actor, type Fact, factsOfPaths } from './facts.ts';
import { addressesIn, hiddenIn, switchesIn, type TextMark } from './text-marks.ts';

/** A patch as it would be opened. */
export type ProposedPatch = Pick<Overlay, 'base' | 'changes' | 'written'>;

/** What rules know of a patch: its files, and what it has that the files it changes did not have before. */
export const factsOfPatch = async (
  { base, changes: changesOf, written }: ProposedPatch,
  actor: Actor,
): Promise<readonly Fact[]> => {
  const changes = changesOf();
  const said = JSON.stringify([actor.spec.title, actor.spec.acceptance, actor.spec.rules]);
  const facts: Fact[] = [
    ['tool', 'patch'],
    ['patch_files', changes.length],
    ...factsOfPaths(
      changes.map(({ path }) => path),
      actor,
    ),
  ];
  for (const { path, baseOid } of changes) {
    const bytes = written(path);
    const old = base.entries.has(path) ? baseOid : undefined;
    const how = bytes === undefined ? 'removed' : old === undefined ? 'added' : 'changed';
    facts.push(['change', path, how, bytes?.length ?? 0], ['in_reach', path]);
    const text = bytes && decodeUtf8(bytes);
    if (text === undefined) continue;
    const before = async () => (old && decodeUtf8(await base.read(old))) ?? '';
    facts.push(
      ...(await newMarks('hidden', hiddenIn, path, text, before)),
      ...(await newMarks('address', addressesIn, path, text, before)).filter(
        ([, , , host]) => !said.includes(String(host)),
      ),
      ...(await newMarks('switched_off', switchesIn, path, text, before)),
      ...(/(?:^|\/)package\.json$/i.test(path) ? changedKeys(path, text, await before()) : []),
    );
  }
  return facts;
};

/** Marks of a text that has more of them than it had before. */
const newMarks = async (
  name: string,
  marksIn: (text: string) => readonly TextMark[],
  path: string,
  text: string,
  before: () => Promise<string>,
): Promise<readonly Fact[]> => {
  const marks = marksIn(text);
  if (marks.length === 0) return [];
  const old = await before();
  const left = new Map<string, number>();
  for (const { what } of marksIn(old)) left.set(what, (left.get(what) ?? 0) + 1);
  const oldLines = new Set(old.split('\n'));
  const lines = text.split('\n');
  // Those on lines that were there before are the old ones.
  const isOld = ({ line }: TextMark) => oldLines.has(lines[line - 1] ?? '');
  const inOrder = [...marks.filter(isOld), ...marks.filter((mark) => !isOld(mark))];
  return inOrder
    .flatMap(({ what, line }): readonly Fact[] => {
      const count = left.get(what) ?? 0;
      left.set(what, count - 1);
      return count > 0 ? [] : [[name, path, line, what.slice(0, 200)]];
    })
    .slice(0, mostMarks);
};

/** One is enough to deny. */
const mostMarks = 20;

/** Keys of a package that are not as they were; a text that is no JSON has changed them all. */
const changedKeys = (path: string, text: string, before: string): readonly Fact[] => {
  const [now, then] = [objectOf(text), objectOf(before === '' ? '{}' : before)];
  if (!now) return [['package_key', path, 'unreadable']];
  return [...new Set([...Object.keys(now), ...Object.keys(then ?? {})])]
    .filter((key) => canonicalJson(now[key] ?? null) !== canonicalJson(then?.[key] ?? null))
    .map((key): Fact => ['package_key', path, key]);
};

const objectOf = (text: string): Readonly<Record<string, Json>> | undefined => {
  try {
    const value = JSON.parse(text.replace(/^\ufeff/, ''));
    return value instanceof Object && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
