// SPDX-License-Identifier: GPL-3.0-only
import { isScalar, isSeq, Lexer } from 'yaml';
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { findPair, parseFrontmatter, splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { selectPaths } from '../../src/spec/scope.ts';

type Args = {
  readonly style?: 'lower' | 'kebab';
  readonly from?: string;
  readonly to?: string;
  readonly files?: readonly string[];
};

/** Works the list out from the parsed base; the patch may write it in its own way, plainly. */
export const redo: Judge<Args> = function* ({ files, ...style }, patch, texts) {
  const done = new Map<string, string>();
  const findings: string[] = [];
  const isMeant = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && selectPaths([path], files ?? ['**']).length > 0;
  for (const path of patch.paths.filter(isMeant)) {
    const [text, now] = [texts.get(path) ?? '', patch.patched.get(path) ?? ''];
    const [old, own] = [tagsOf(text), tagsOf(now)];
    if (old === 'none') continue;
    if (!old || !own || own === 'none') {
      findings.push(`${path}: its tags cannot be read as a list`);
      continue;
    }
    const wanted = wantedOf(old.values, style);
    const same =
      wanted.length === own.values.length && wanted.every((tag, at) => tag === own.values[at]);
    const isRewritten = own.others.some((one) => !old.others.includes(one));
    const isRemarked = own.remarks.join('\n') !== old.remarks.join('\n');
    const isOddText = own.oddTexts.some((one) => !old.oddTexts.includes(one));
    const isSpaced = blanksIn(own.source).every((one) => blanksIn(text).includes(one));
    if (!same || isRewritten || isRemarked || isOddText || !isSpaced || !own.plain)
      findings.push(`${path}: its tags should be ${wanted.join(', ')}`);
    else done.set(path, text.slice(0, old.start) + own.source + text.slice(old.end));
  }
  for (const [path, text] of yield* readOthers(patch, isMeant)) {
    const old = tagsOf(text);
    if (!old || old === 'none' || old.others.some(isOdd)) continue;
    if (wantedOf(old.values, style).join('\n') !== old.values.join('\n'))
      findings.push(`${path}: its tags were to change as well`);
  }
  return { texts: done, findings };
};

/** Tabs, and how lines end. */
const blanksIn = (text: string): readonly string[] => [...new Set(text.match(/\t|\r?\n/g))];

/** Whether it is a number that would be written in another way. */
const isOdd = (source: string | undefined): boolean => String(Number(source)) !== source;

const wantedOf = (tags: readonly unknown[], style: Omit<Args, 'files'>): readonly unknown[] => [
  ...new Set(tags.map((tag) => (typeof tag === 'string' ? restyled(tag, style) : tag))),
];

const restyled = (tag: string, { style, from, to }: Omit<Args, 'files'>): string => {
  const renamed = to !== undefined && tag === from ? to : tag;
  const low = style === undefined ? renamed : renamed.toLowerCase();
  return style === 'kebab' ? low.replaceAll(/[\s_]+/g, '-') : low;
};

/** What YAML 1.1 reads as a truth, a number or a time though it has no such digits in 1.2. */
const elsewhere =
  /^(?:y|n|yes|no|on|off|[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-f_]+|[\d_]*\d[\d_]*(?:\.[\d_]*)?|[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)|\d{4}-\d\d?-\d\d?.*|[=<~])$/i;

/** `none` where a note has no tags: another chore changes it. */
const tagsOf = (text: string) => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return undefined;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return undefined;
  const pair = findPair(parsed.map, 'tags');
  if (!pair) return 'none' as const;
  const list = pair.value;
  if (!isSeq(list) || !list.range || !list.items.every((item) => isScalar(item))) return undefined;
  const offset = split.bom.length + split.open.length;
  const [start, end] = [offset + list.range[0], offset + list.range[1]];
  const source = text.slice(start, end);
  const plain = list.items.every((item) => isScalar(item) && !item.tag && !item.anchor);
  return {
    start,
    end,
    source,
    plain: plain && !list.tag && !list.anchor,
    // The lexer marks where a text begins, so that only a comment begins with its sign.
    remarks: [...new Lexer().lex(`${source}\n`)].filter((one) => one.startsWith('#')),
    // A number may be written in several ways: 1.10 is not to become 1.1.
    others: list.items.flatMap((item) =>
      isScalar(item) && typeof item.value !== 'string' ? [item.source] : [],
    ),
    // What is a text to readers of YAML 1.2 alone.
    oddTexts: list.items.flatMap((item) =>
      isScalar(item) && item.type === 'PLAIN' && item.source && elsewhere.test(item.source)
        ? [item.source]
        : [],
    ),
    values: list.items.map((item) => (isScalar(item) ? item.value : undefined)),
  };
};
