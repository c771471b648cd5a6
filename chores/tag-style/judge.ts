// SPDX-License-Identifier: GPL-3.0-only
import { parse } from 'yaml';
import { coveredBy, type Judge, type PatchView, undoneIn } from '../../src/chore/patch.ts';
import { canonicalJson } from '../../src/data/digest.ts';

type Args = {
  readonly style?: 'lower' | 'kebab';
  readonly from?: string;
  readonly to?: string;
  readonly files?: readonly string[];
};

/** Cuts the lines of the tags out of both texts: they must say the old tags, styled, and nothing more. */
export const judge: Judge<Args> = function* ({ files, ...style }, patch, texts) {
  const left = new Map<string, string>();
  const findings: string[] = [];
  const isNote = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && coveredBy(files)(path);
  for (const path of patch.paths.filter(isNote)) {
    const [before, now] = [patch.base.get(path), texts.get(path)];
    if (before === undefined || now === undefined || before === now) continue;
    const name = nameBefore(patch.asked);
    if (!isSaid(before, name) && !isSaid(now, 'tags')) continue;
    const [old, cut] = [cutTags(before, name), cutTags(now, 'tags')];
    const isAsked =
      old &&
      cut &&
      sameNumbers(old, cut) &&
      emptyIn(cut.value) <= emptyIn(old.value) &&
      endsIn(cut.value).every((end) => endsIn(old.value).includes(end)) &&
      canonicalJson(old.remarks) === canonicalJson(cut.remarks) &&
      cut.written.every((item) => old.written.includes(item) || isText(item)) &&
      canonicalJson(wantedOf(old, style)) === canonicalJson(cut.tags);
    if (isAsked) left.set(path, cut.before + cut.key + old.value + cut.after);
    else findings.push(`${path}: its tags are not the old ones in the style that is asked for`);
  }
  const others = yield* undoneIn(patch, isNote, (_, text) => {
    const cut = cutTags(text, 'tags');
    return cut !== undefined && canonicalJson(wantedOf(cut, style)) !== canonicalJson(cut.tags);
  });
  return { texts: left, findings: [...findings, ...others] };
};

/** The key that the tags stood under before; a sentence may rename one to `tags`. */
const nameBefore = (asked: PatchView['asked']): string => {
  const renamed = asked.find(({ chore, args }) => chore === 'rename-key' && args.to === 'tags');
  return renamed ? String(renamed.args.from) : 'tags';
};

type Cut = {
  readonly before: string;
  /** The key with its colon, and what follows up to the last line of the tags. */
  readonly key: string;
  readonly value: string;
  readonly after: string;
  readonly tags: readonly unknown[];
  /** As they stand there. */
  readonly written: readonly string[];
  readonly remarks: readonly string[];
};

const headOf = (text: string): string =>
  /^\uFEFF?---[ \t]*\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';

const isSaid = (text: string, name: string): boolean =>
  headOf(text).toLowerCase().includes(name.toLowerCase());

const cutTags = (text: string, name: string): Cut | undefined => {
  const key = name.replace(/[$^.*+?()[\]{}|\\]/g, '\\$&');
  const lines = new RegExp(
    `^(["']?${key}["']?[ \\t]*:)([^\\n]*\\n(?:(?:[ \\t]+[^\\n]*|-[ \\t][^\\n]*|[ \\t]*\\r?)\\n(?!(?:---|\\.\\.\\.)\\s*$)|(?:[ \\t]+[^\\n]*|-[ \\t][^\\n]*)\\n)*)`,
    'im',
  );
  const match = lines.exec(headOf(text));
  const [, said = '', value = ''] = match ?? [];
  const items = match ? itemsIn(value) : undefined;
  if (!match || !items) return undefined;
  const tags = readList(value);
  return tags && !tags.some((tag) => tag !== null && typeof tag === 'object')
    ? {
        before: text.slice(0, match.index),
        key: said,
        value,
        after: text.slice(match.index + said.length + value.length),
        tags,
        written: items.filter((item) => !item.startsWith('#')),
        remarks: items.filter((item) => item.startsWith('#')),
      }
    : undefined;
};

const word =
  /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#,[\]{}&*!|>%@`?-](?:[^\s,[\]{}#:]|(?<!\s)#|:(?!\s)|[ \t]+(?![\s#]))*)/;

/** Whether readers of any YAML take it for a text: `on` is none to some. */
const isText = (item: string): boolean =>
  typeof parse(item, { version: '1.1', logLevel: 'silent' }) === 'string';

const readList = (value: string): readonly unknown[] | undefined => {
  try {
    const { tags } = parse(`tags:${value}`) as { readonly tags?: unknown };
    return Array.isArray(tags) ? tags : undefined;
  } catch {
    return undefined;
  }
};

/** The tags as they are written, and the comments; `undefined` where there is anything else, such as an anchor. */
const itemsIn = (value: string): readonly string[] | undefined => {
  const items: string[] = [];
  let rest = value;
  let isOpen = false;
  let isNext = true;
  while (rest !== '') {
    const [blank = ''] = /^\s*/.exec(rest) ?? [];
    rest = rest.slice(blank.length);
    const [item] = word.exec(rest) ?? [];
    if (rest === '') break;
    if (rest.startsWith('#') && blank !== '') {
      const [remark = ''] = /^.*/.exec(rest) ?? [];
      items.push(remark.trimEnd());
      rest = rest.slice(remark.length);
    } else if (rest.startsWith('[') && !isOpen && isNext) {
      isOpen = true;
      rest = rest.slice(1);
    } else if (rest.startsWith(']') && isOpen) {
      isOpen = false;
      isNext = false;
      rest = rest.slice(1);
    } else if ((rest.startsWith(',') && isOpen) || (/^-[ \t]/.test(rest) && !isOpen)) {
      isNext = true;
      rest = rest.slice(1);
    } else if (item !== undefined && isNext) {
      items.push(item);
      isNext = false;
      rest = rest.slice(item.length);
    } else return undefined;
  }
  return items;
};

/** Tabs and the ways in which lines end. */
const endsIn = (value: string): readonly string[] => value.match(/\t|\r?\n/g) ?? [];

const emptyIn = (value: string): number => value.match(/\n[ \t]*(?=\r?\n)/g)?.length ?? 0;

/** 1.10 and 1.1 are one number, and two tags. */
const sameNumbers = (old: Cut, cut: Cut): boolean => {
  const written = ({ value }: Cut, tag: number): readonly string[] =>
    value.split(/[\s,[\]]+/).filter((one) => one !== '' && Number(one) === tag);
  return old.tags
    .filter((tag) => typeof tag === 'number')
    .every((tag) => written(cut, tag).every((one) => written(old, tag).includes(one)));
};

const wantedOf = ({ tags }: Cut, style: Args): readonly unknown[] => [
  ...new Set(tags.map((tag) => styled(tag, style))),
];

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
