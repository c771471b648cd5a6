// SPDX-License-Identifier: GPL-3.0-only
import { blankBlocks } from '../../src/markdown/prose.ts';
import { type HeaderStyle, headerOffset, headerStyleOf } from '../../src/tool/header-place.ts';

/** A copyright notice with its years, `2019` or `2019-2024`. */
export type Notice = {
  /** Where its years begin, in characters. */
  readonly at: number;
  readonly years: string;
  readonly first: number;
  readonly last: number;
  readonly holder: string;
};

const notice =
  /(?:\bcopyright\b(?:[ \t]*(?:\(c\)|©))?|\bSPDX-FileCopyrightText:(?:[ \t]*(?:\(c\)|©))?|©|\(c\))[ \t:]*(\d{4}(?:[ \t]?[-–][ \t]?\d{4})?)(?![\d-–])(?![ \t]?,[ \t]?\d)[ \t,]*(?:by[ \t]+)?([^\r\n]*)/gi;

/**
 * The notices of a file: in the comments that it begins with, and in a licence or a page of text those
 * that begin a line. Lists of years (`2019, 2021`) and open ranges (`2019-present`) are none.
 */
export const noticesIn = (path: string, text: string): readonly Notice[] => {
  if (isPublishedLicence(text)) return [];
  const head = headOf(path, text);
  return [...head.matchAll(notice)]
    .filter(([, , rest = '']) => !/^[-–]/.test(rest))
    .map((match) => {
      const [whole, years = '', rest = ''] = match;
      const [first = 0, last = first] = years.split(/[ \t]?[-–][ \t]?/).map(Number);
      const at = match.index + whole.indexOf(years);
      return { at, years, first, last, holder: holderIn(rest) };
    });
};

/** The text of a licence that is nobody's own, such as that of the GPL: its notices are its authors'. */
const isPublishedLicence = (text: string): boolean =>
  /\bcopies\s+of\s+this\s+licen[cs]e\s+document\b/i.test(text);

const star = String.raw`\/\*(?:(?!\*\/)[\s\S])*\*\/`;
const comments: Readonly<Record<HeaderStyle, RegExp>> = {
  line: new RegExp(String.raw`(?:\s+|\/\/[^\r\n]*|${star})*`, 'y'),
  block: new RegExp(String.raw`(?:\s+|${star})*`, 'y'),
  hash: /(?:\s+|#[^\r\n]*)*/y,
  html: /(?:\s+|<!--(?:(?!-->)[\s\S])*-->)*/y,
  dash: new RegExp(String.raw`(?:\s+|--[^\r\n]*|${star})*`, 'y'),
};

/** The text with all blanked that can hold no notice; offsets stay. */
const headOf = (path: string, text: string): string => {
  const style = headerStyleOf(path);
  if (style === undefined) return isPlain(path) ? lineBeginnings(text) : '';
  const offset = headerOffset(path, text);
  if (typeof offset !== 'number') return '';
  const form = comments[style];
  form.lastIndex = offset;
  const end = offset + (form.exec(text)?.[0].length ?? 0);
  const rest = isPlain(path) ? lineBeginnings(blankBlocks(text.slice(end))) : '';
  return text.slice(0, offset).replace(/[^\r\n]/g, ' ') + text.slice(offset, end) + rest;
};

const isPlain = (path: string): boolean =>
  /\.(?:md|markdown|txt|rst|adoc)$|(?:^|\/)(?:(?:un)?licen[cs]e|copying|copyright|notice|authors)[^./]*$/i.test(
    path,
  );

/** Only the lines that a notice begins; the others are blanked. */
const lineBeginnings = (text: string): string =>
  text.replace(/[^\r\n]+/g, (line) =>
    /^[ \t>*_]*(?:copyright|SPDX-FileCopyrightText|©|\(c\))/i.test(line)
      ? line
      : ' '.repeat(line.length),
  );

/** A holder without marks of comments and what follows a name. */
const holderIn = (rest: string): string =>
  (
    rest.split(
      /\*\/|-->|<|[.,;]?\s+(?:all rights reserved|(?:licen[cs]ed|released|distributed) under)\b/i,
    )[0] ?? ''
  )
    .replace(/[.,;:*_"'`\s]+$/, '')
    .trim();

/** Lines (from 1) that speak of copyright and of a year before this one, and are no notice. */
export const mentionsIn = (
  text: string,
  notices: readonly Notice[],
  year: number,
): readonly number[] => {
  if (isPublishedLicence(text)) return [];
  const known = new Set(notices.map(({ at }) => text.slice(0, at).split('\n').length));
  return text.split('\n').flatMap((line, index) => {
    const [, said] =
      /(?:\bcopyright\b|©|&copy;|\(c\)).{0,80}?\b((?:19|20)\d\d)\b(?!.*\b(?:19|20)\d\d\b)/i.exec(
        line,
      ) ?? [];
    return said !== undefined && Number(said) < year && !known.has(index + 1) ? [index + 1] : [];
  });
};

/** Who holds the rights in a repository: by its package.json, its licence, or all of its own files. */
export const ownersIn = (
  notices: ReadonlyMap<string, readonly Notice[]>,
  manifest: string,
): readonly string[] => {
  const holdersOf = (isMeant: (path: string) => boolean): readonly string[] => [
    ...new Set(
      [...notices].flatMap(([path, all]) => (isMeant(path) ? all : [])).map((one) => one.holder),
    ),
  ];
  const [, said, named] =
    /"author"\s*:\s*(?:"([^"<(]+)|\{[^{}]*"name"\s*:\s*"([^"]+)")/.exec(manifest) ?? [];
  const author = (said ?? named)?.trim();
  const all = holdersOf(() => true);
  if (author !== undefined && all.includes(author)) return [author];
  const licensed = holdersOf((path) =>
    /^(?:licen[cs]e|copying|copyright|notice)[^/]*$/i.test(path),
  );
  return licensed.length > 0 ? licensed : holdersOf((path) => !isTakenOver(path));
};

/** Whether a file lies where the code of others is kept. */
const isTakenOver = (path: string): boolean =>
  /(?:^|\/)(?:vendor(?:ed)?|third[-_]?party|external|node_modules)\//i.test(path);
