// SPDX-License-Identifier: GPL-3.0-only
import { parse } from 'yaml';
import { coveredBy, type Judge } from '../../src/chore/patch.ts';
import { canonicalJson } from '../../src/data/digest.ts';

type Args = {
  readonly style?: 'lower' | 'kebab';
  readonly from?: string;
  readonly to?: string;
  readonly files?: readonly string[];
};

/** Cuts the lines of the tags out of both texts: they must say the old tags, styled, and nothing more. */
export const judge: Judge<Args> = ({ files, ...style }, { paths, base }, texts) => {
  const left = new Map<string, string>();
  const findings: string[] = [];
  for (const path of paths.filter(coveredBy(files))) {
    const [before, now] = [base.get(path), texts.get(path)];
    if (before === undefined || now === undefined || before === now) continue;
    if (!tagsIn(before) && !tagsIn(now)) continue;
    const [old, cut] = [cutTags(before), cutTags(now)];
    const wanted = old?.tags.map((tag) => styled(tag, style));
    const isAsked =
      old &&
      cut &&
      wanted &&
      sameNumbers(old, cut) &&
      canonicalJson([...new Set(wanted)]) === canonicalJson(cut.tags);
    if (isAsked) left.set(path, cut.before + old.lines + cut.after);
    else findings.push(`${path}: its tags are not the old ones in the style that is asked for`);
  }
  return { texts: left, findings };
};

type Cut = {
  readonly before: string;
  readonly lines: string;
  readonly after: string;
  readonly tags: readonly unknown[];
};

const headOf = (text: string): string =>
  /^\uFEFF?---[ \t]*\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';

const tagsIn = (text: string): boolean => /\btags\b/i.test(headOf(text));

const cutTags = (text: string): Cut | undefined => {
  const match = /^tags[ \t]*:[^\n]*\n(?:(?:[ \t]+[^\n]*|-[ \t][^\n]*)\n)*/im.exec(headOf(text));
  if (!match || /[&*!#]|<</.test(match[0].replace(/"[^"]*"|'[^']*'/g, ''))) return undefined;
  const [lines] = match;
  const value: unknown = Object.values(parse(lines) ?? {})[0];
  return Array.isArray(value) && !value.some((tag) => tag !== null && typeof tag === 'object')
    ? {
        before: text.slice(0, match.index),
        lines,
        after: text.slice(match.index + lines.length),
        tags: value,
      }
    : undefined;
};

/** 1.10 and 1.1 are one number, and two tags. */
const sameNumbers = (old: Cut, cut: Cut): boolean => {
  const written = ({ lines }: Cut, tag: number): readonly string[] =>
    lines.split(/[\s,[\]]+/).filter((word) => word !== '' && Number(word) === tag);
  return old.tags
    .filter((tag) => typeof tag === 'number')
    .every((tag) => written(cut, tag).every((word) => written(old, tag).includes(word)));
};

const styled = (tag: unknown, { style, from, to }: Args): unknown => {
  if (typeof tag !== 'string') return tag;
  const text = from !== undefined && tag === from ? (to ?? tag) : tag;
  if (style === 'kebab')
    return text
      .toLowerCase()
      .split(/[\s_]+/)
      .join('-');
  return style === 'lower' ? text.toLowerCase() : text;
};
