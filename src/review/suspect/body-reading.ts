// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { readContents } from './contents-reading.ts';
import { asBefore, counted, missingIn, type NotePatch, type PatchReading } from './reading.ts';

/** Lines of a body without their line breaks, and without the last one, which is read by itself. */
const linesIn = (body: string): readonly string[] => {
  const lines = body.replaceAll('\r', '').split('\n');
  return lines.slice(0, Math.max(1, 1 + lines.findLastIndex((line) => line !== '')));
};

type Change = {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly at: number;
};

/** The lines between the common beginning and the common end. */
const changeOf = (old: readonly string[], now: readonly string[]): Change => {
  let start = 0;
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, now.length) - start;
  while (end < most && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return {
    removed: old.slice(start, old.length - end),
    added: now.slice(start, now.length - end),
    at: start,
  };
};

/** What is done to the text below the frontmatter. */
export const readBody = (patch: NotePatch): PatchReading => {
  const { before, after } = patch;
  const { removed, added, at } = changeOf(linesIn(before.body), linesIn(after.body));
  const contents = readContents(before.body, after.body);
  if (removed.length + added.length === 0) return { says: contents ?? asBefore };
  const values = [...missingIn(removed, added), ...missingIn(added, removed)];
  const says =
    contents ??
    (removed.length === 0 && at <= 1 ? commentOnTop(added) : undefined) ??
    linksOf(removed, added, patch) ??
    blanksOf(removed, added) ??
    linesOf(removed, added);
  return { says, values };
};

const linesOf = (removed: readonly string[], added: readonly string[]): string => {
  const gone = missingIn(removed, added).length;
  const fresh = missingIn(added, removed).length;
  return gone + fresh === 0
    ? 'lines in another order'
    : counted({ 'lines gone': gone, 'lines new': fresh });
};

const licences =
  /\b(?:MIT|Apache-2\.0|L?A?GPL-[\d.]+(?:-only|-or-later)?|BSD-\d-Clause|MPL-2\.0|ISC)\b/g;

/** A comment that is put above the text, and what licences it names. */
const commentOnTop = (lines: readonly string[]): string | undefined => {
  const filled = lines.filter((line) => line.trim() !== '');
  const comments = filled.filter((line) => /^<!--.*-->$/.test(line.trim()));
  if (comments.length === 0 && !filled.some((line) => line.startsWith('<!--'))) return undefined;
  const names = filled.flatMap((line) => line.match(licences) ?? []);
  const plain = comments.filter((line) => {
    const inner = line
      .trim()
      .slice(4, -3)
      .trim()
      .replace(/^SPDX-License-Identifier:/, '');
    return inner.trim() === names[0];
  });
  return [
    `comment on top: ${counted({ 'licence lines': plain.length, 'other lines': filled.length - plain.length })}`,
    names.length > 0 ? `names ${names.join(' ')}` : 'names no licence',
  ].join('; ');
};

const target = /\]\(<?([^()\s>]*)>?\)/g;

/** Links that lead elsewhere while all other text is the same. */
const linksOf = (
  removed: readonly string[],
  added: readonly string[],
  { path, isThere }: NotePatch,
): string | undefined => {
  const [old, now] = [removed.join('\n'), added.join('\n')];
  if (old.replaceAll(target, ']()') !== now.replaceAll(target, ']()')) return undefined;
  const targets = (text: string) => [...text.matchAll(target)].map(([, to = '']) => to);
  const then = targets(now);
  const fileOf = (to: string): string =>
    posix.join(posix.dirname(path), decoded(to.replace(/[#?].*$/, '')));
  const stateOf = (to: string): string =>
    /^(?:[a-z]+:|\/|#)/i.test(to) ? 'elsewhere' : isThere(fileOf(to)) ? 'there' : 'missing';
  const said = targets(old).flatMap((from, at) => {
    const to = then[at] ?? '';
    if (from === to) return [];
    const isNamesake = posix.basename(fileOf(from)) === posix.basename(fileOf(to));
    const isShortest =
      posix.relative(posix.dirname(path), fileOf(to)) === decoded(to.replace(/[#?].*$/, ''));
    const isSamePlace = /[#?].*$/.exec(from)?.[0] === /[#?].*$/.exec(to)?.[0];
    return [
      `was ${stateOf(from)}, is ${stateOf(to)}${isNamesake ? '' : ', other name'}${isShortest ? '' : ', detour'}${isSamePlace ? '' : ', other place'}`,
    ];
  });
  return said.length === 0 ? undefined : `links: ${said.slice(0, 3).join('; ')}`;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const blanksOf = (removed: readonly string[], added: readonly string[]): string | undefined => {
  const at = (lines: readonly string[], change: (line: string) => string) =>
    lines.map(change).join('\n');
  if (at(removed, (line) => line.trimEnd()) === at(added, (line) => line.trimEnd())) {
    const isLess = added.every((line, index) => line.length <= (removed[index] ?? '').length);
    return isLess ? 'blanks at line ends gone' : 'blanks at line ends new';
  }
  const squeezed = (lines: readonly string[]) => lines.join('').replaceAll(/\s/g, '');
  return squeezed(removed) === squeezed(added) ? 'blanks moved' : undefined;
};
