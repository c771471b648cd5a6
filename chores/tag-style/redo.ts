// SPDX-License-Identifier: GPL-3.0-only
import { isScalar, isSeq } from 'yaml';
import type { Judge } from '../../src/chore/patch.ts';
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
export const redo: Judge<Args> = ({ style, from, to, files }, { paths, patched }, texts) => {
  const done = new Map<string, string>();
  const findings: string[] = [];
  for (const path of selectPaths(paths, files ?? ['**'])) {
    const [text, now] = [texts.get(path) ?? '', patched.get(path) ?? ''];
    const [old, own] = [tagsOf(text), tagsOf(now)];
    if (old === 'none') continue;
    if (!old || !own || own === 'none') {
      findings.push(`${path}: its tags cannot be read as a list`);
      continue;
    }
    const wanted: unknown[] = [];
    for (const tag of old.values) {
      const next = typeof tag === 'string' ? restyled(tag, { style, from, to }) : tag;
      if (!wanted.includes(next)) wanted.push(next);
    }
    const same =
      wanted.length === own.values.length && wanted.every((tag, at) => tag === own.values[at]);
    const isRewritten = own.others.some((one) => !old.others.includes(one));
    if (!same || isRewritten || !own.plain)
      findings.push(`${path}: its tags should be ${wanted.join(', ')}`);
    else done.set(path, text.slice(0, old.start) + own.source + text.slice(old.end));
  }
  return { texts: done, findings };
};

const restyled = (
  tag: string,
  { style, from, to }: { readonly [Key in 'style' | 'from' | 'to']: string | undefined },
): string => {
  const renamed = to !== undefined && tag === from ? to : tag;
  const low = style === undefined ? renamed : renamed.toLowerCase();
  return style === 'kebab' ? low.replaceAll(/[\s_]+/g, '-') : low;
};

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
  const plain = list.items.every(
    (item) => isScalar(item) && !item.tag && !item.anchor && !item.comment,
  );
  return {
    start,
    end,
    source,
    plain: plain && !list.tag && !list.anchor && !/#/.test(source.replace(/"[^"]*"|'[^']*'/g, '')),
    // A number may be written in several ways: 1.10 is not to become 1.1.
    others: list.items.flatMap((item) =>
      isScalar(item) && typeof item.value !== 'string' ? [item.source] : [],
    ),
    values: list.items.map((item) => (isScalar(item) ? item.value : undefined)),
  };
};
