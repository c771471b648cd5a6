// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../../src/data/digest.ts';
import { type Entry, readRemarks, sameValue } from './front.ts';

/*
 * Reads what is written anew, on purpose without a YAML reader: only forms that every reader of YAML
 * 1.1 and 1.2 takes for the same are understood. No tags, anchors, block scalars or lines that go on.
 */

/** A value, and whether it is a date that stands without quotes. */
export type Written = { readonly value: Json; readonly bare: boolean };

/** What is wrong with how a key's new lines are written; nothing where they plainly say the value. */
export const findMiswritten = (
  entry: Entry,
  old: Entry | undefined,
  { value, bare }: Written,
  inBraces: boolean,
): string | undefined => {
  if (!sameRemarks(entry, old)) return 'has other comments than before';
  const [all = '', name = ''] = keyAndColon.exec(entry.source) ?? [];
  const before = new Set(old?.source.split(/\r\n|\n|\r/));
  const rows = entry.source.split(/\r\n|\n|\r/).filter((row) => !before.has(row));
  if (rows.some((row) => /\t|\s$|^$/.test(row))) return 'has blanks that nobody asked for';
  const isAsBefore = old !== undefined && keyAndColon.exec(old.source)?.[1] === name;
  if (all === '' || (!isAsBefore && readScalar(name, inBraces) !== entry.key))
    return 'is not written plainly';
  const gapOf = (lines = ''): string => /^ */.exec(lines)?.[0] ?? '';
  const oldGap = isAsBefore ? gapOf(old?.source.slice(all.length)) : '';
  if (![' ', '', oldGap].includes(gapOf(entry.source.slice(all.length))))
    return 'has blanks that nobody asked for';
  const isBelow = /^ *(?:#[^\r\n]*)?[\r\n]/.test(entry.source.slice(all.length));
  if (isBelow && !Array.isArray(value)) return 'is not written plainly';
  const isSaid = Array.isArray(value)
    ? saysList(entry, old, value, all.length)
    : says(withoutRemark(entry.source.slice(all.length), inBraces), value, bare, inBraces);
  return isSaid ? undefined : 'is not written so that everyone reads the same';
};

const keyAndColon = /^ *("[^"\\]*"|'[^']*'|[^\s"'#&*!|>%@`?,[\]{}:-][^:#\r\n]*):(?=[ \r\n])/u;
const unseen = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u;

const withoutRemark = (text: string, inBraces: boolean): string => {
  const [remark] = inBraces ? [] : readRemarks(`x:${text}`);
  return (remark === undefined ? text : text.slice(0, -remark.length)).trim();
};

const says = (text: string, value: Json, bare: boolean, inFlow: boolean): boolean => {
  if (bare) return text === value;
  const read = /^[[{]/.test(text) ? readFlow(text) : readScalar(text, inFlow);
  return read !== undefined && sameValue(read, value);
};

/** A list in brackets or one value a line; a value that stands as it stood may be written as it was. */
const saysList = (
  { source, items }: Entry,
  old: Entry | undefined,
  values: readonly Json[],
  start: number,
): boolean => {
  if (values.some((value) => value !== null && typeof value === 'object'))
    return says(source.slice(start).trim(), values, false, true);
  if (items.length !== values.length || items.length === 0) return false;
  const before = new Set(old?.items.map(({ from, to }) => old.source.slice(from, to)));
  const gaps = [...items, undefined].map((item, index) =>
    source.slice(items[index - 1]?.to ?? start, item?.from),
  );
  const inBrackets = gaps[0]?.trimEnd().endsWith('[') === true;
  const skeleton = inBrackets ? brackets : lines;
  return (
    gaps.every((gap, index) =>
      (index === 0 ? skeleton.first : index < items.length ? skeleton.next : skeleton.last).test(
        gap,
      ),
    ) &&
    items.every(({ from, to }, index) => {
      const text = source.slice(from, to);
      return before.has(text) || sameTyped(readScalar(text, inBrackets), values[index]);
    })
  );
};

const sameTyped = (read: Json | undefined, value: Json | undefined): boolean =>
  read !== undefined && read === value;

const remark = '(?:[ \\t]+#[^\\r\\n]*)?';
const remarkLines = '(?:\\r?\\n(?: *#[^\\r\\n]*)?|\\r(?!\\n)(?: *#[^\\r\\n]*)?)*';
const brackets = {
  first: /^ +\[[ \r\n]*$/,
  next: /^[ \r\n]*,[ \r\n]*$/,
  last: new RegExp(`^[ \\r\\n]*,?[ \\r\\n]*\\]${remark}$`),
};
const lines = {
  first: new RegExp(`^${remark}${remarkLines}(?:\\r?\\n|\\r) *- $`),
  next: new RegExp(`^${remark}${remarkLines}(?:\\r?\\n|\\r) *- $`),
  last: new RegExp(`^${remark}$`),
};

/** A value in brackets or braces, on one line. */
const readFlow = (text: string): Json | undefined => {
  let at = 0;
  const skip = (): void => {
    while (text[at] === ' ') at += 1;
  };
  const word = (): string => {
    const [found = ''] =
      /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"',:[\]{}]+)/.exec(text.slice(at)) ?? [];
    at += found.length;
    return found.trim();
  };
  const take = (sign: string): boolean => {
    skip();
    const there = text[at] === sign;
    if (there) at += 1;
    skip();
    return there;
  };
  const read = (): Json | undefined => {
    if (take('[')) {
      const list: Json[] = [];
      while (!take(']')) {
        if (list.length > 0 && !take(',')) return undefined;
        const item = read();
        if (item === undefined) return undefined;
        list.push(item);
      }
      return list;
    }
    if (take('{')) {
      const members: [string, Json][] = [];
      while (!take('}')) {
        if (members.length > 0 && !take(',')) return undefined;
        const key = readScalar(word(), true);
        const spaced = text[at + 1] === ' ';
        const member = typeof key === 'string' && take(':') && spaced ? read() : undefined;
        if (member === undefined) return undefined;
        members.push([key as string, member]);
      }
      const names = new Set(members.map(([key]) => key));
      return names.size === members.length ? Object.fromEntries(members) : undefined;
    }
    return readScalar(word(), true);
  };
  const value = read();
  return at === text.length ? value : undefined;
};

/** One value on one line; `undefined` where readers could differ. */
export const readScalar = (text: string, inFlow: boolean): Json | undefined => {
  if (unseen.test(text)) return undefined;
  if (/^"(?:[^"\\]|\\["\\/]|\\u(?![dD][89abAB])[\da-fA-F]{4})*"$/.test(text))
    return JSON.parse(text);
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && String(Number(text)) === text)
    return Number(text);
  return isPlainText(text, inFlow) ? text : undefined;
};

const isPlainText = (text: string, inFlow: boolean): boolean =>
  /^[^\s"'#&*!|>%@`?:,[\]{}~=<-]/u.test(text) &&
  text === text.trim() &&
  !/: |:$| #/.test(text) &&
  !(inFlow && /[,[\]{}]/.test(text)) &&
  !words.test(text) &&
  !numbers.test(text);

const words = /^(?:null|true|false|yes|no|on|off|y|n|[-+]?\.?(?:inf|nan))$/i;
/** Also with signs and letters that some number, date or time has. */
const numbers = /^[-+]?[\d.][\da-fobx_.:tz +-]*$/i;

/** The same comments, each beside or above what it was beside or above. */
const sameRemarks = (entry: Entry, old: Entry | undefined): boolean =>
  sameValue(placesOf(entry).toSorted(), old ? placesOf(old).toSorted() : []);

const placesOf = ({ source }: Entry): readonly string[] => {
  const rows = source.split(/\r?\n|\r/);
  let at = 0;
  return readRemarks(source.replaceAll(/\r\n?/g, '\n')).map((text) => {
    while (at < rows.length - 1 && !rows[at]?.trimEnd().endsWith(text)) at += 1;
    const row = rows[at]?.trimEnd() ?? '';
    const beside = row.slice(0, -text.length).trim();
    const below = beside === '' ? rows.slice(at).find((other) => !/^\s*(?:#|$)/.test(other)) : '';
    const owner = at === 0 ? 'key' : below ? `above ${itemOf(below)}` : beside;
    at += 1;
    return `${owner}\0${text}`;
  });
};

/** A list's value without the comment beside it. */
const itemOf = (row: string): string => {
  const [text] = readRemarks(row);
  return (text === undefined ? row : row.trimEnd().slice(0, -text.length)).trim();
};
