// SPDX-License-Identifier: GPL-3.0-only
import type { Pair } from 'yaml';
import { isRefused, type Refused } from './decode-markdown.ts';
import { findPair, parseFrontmatter } from './frontmatter.ts';
import { type LineBreak, linesOf } from './text-lines.ts';

type Ranged = { readonly range?: readonly [number, number, number] | null } | null | undefined;
type Token = { readonly type: string; readonly offset: number };
type Source = { readonly srcToken?: { readonly start?: readonly Token[] } };

const isBreak = (character: string | undefined): boolean =>
  character === '\n' || character === '\r';

/** Offset of the first character of the line that holds `offset`. */
export const lineStart = (text: string, offset: number): number => {
  let at = offset;
  while (at > 0 && !isBreak(text[at - 1])) at -= 1;
  return at;
};

/** Offset past the line break of the line that holds `offset`. */
export const lineEnd = (text: string, offset: number): number => {
  let at = offset;
  while (at < text.length && !isBreak(text[at])) at += 1;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : Math.min(at + 1, text.length);
};

/** Offset where a pair begins, with its `?`, anchor or tag. */
export const pairStart = (pair: Pair): number => {
  const props = (pair as Source).srcToken?.start?.find(({ type }) =>
    ['explicit-key-ind', 'anchor', 'tag'].includes(type),
  );
  const key = (pair.key as Ranged)?.range?.[0] ?? 0;
  return Math.min(props?.offset ?? key, key);
};

/** Offset past a pair's value. */
export const pairStop = (pair: Pair): number =>
  (pair.value as Ranged)?.range?.[1] ?? (pair.key as Ranged)?.range?.[1] ?? 0;

/** Offset past the last line of what stops at `offset`. */
export const lineStop = (text: string, offset: number): number =>
  isBreak(text[offset - 1]) ? offset : lineEnd(text, offset);

/** Removes a key's lines; comments around it stay. */
export const removeKey = (yaml: string, key: string, eol: LineBreak): string | Refused => {
  const parsed = parseFrontmatter(yaml, eol);
  if (isRefused(parsed)) return parsed;
  const pair = findPair(parsed.map, key);
  if (!pair) return yaml;
  if (parsed.map?.flow)
    return { refused: 'has frontmatter in braces, from which no key is removed' };
  return (
    yaml.slice(0, lineStart(yaml, pairStart(pair))) + yaml.slice(lineStop(yaml, pairStop(pair)))
  );
};

/**
 * Brings the keys named in `order` to the front, in that order; the others keep theirs. A key moves
 * with its lines and the comments right above it, byte for byte.
 */
export const orderKeys = (
  yaml: string,
  order: readonly string[],
  eol: LineBreak,
): string | Refused => {
  const parsed = parseFrontmatter(yaml, eol);
  if (isRefused(parsed)) return parsed;
  const pairs = parsed.map?.items ?? [];
  const named = [...new Set(order.flatMap((key) => findPair(parsed.map, key) ?? []))];
  const wanted = [...named, ...pairs.filter((pair) => !named.includes(pair))];
  if (wanted.every((pair, index) => pair === pairs[index])) return yaml;
  if (parsed.map?.flow)
    return { refused: 'has frontmatter in braces, whose keys are not reordered' };
  const first = pairs[0];
  if (!first) return yaml;
  let at = preambleEnd(yaml, lineStart(yaml, pairStart(first)));
  const preamble = yaml.slice(0, at);
  const chunks = new Map<Pair, string>();
  for (const pair of pairs) {
    const stop = lineStop(yaml, pairStop(pair));
    chunks.set(pair, yaml.slice(at, stop));
    at = stop;
  }
  return preamble + wanted.map((pair) => chunks.get(pair) ?? '').join('') + yaml.slice(at);
};

/** Comments above the first key that a blank line sets apart belong to the file, not to the key. */
const preambleEnd = (yaml: string, upTo: number): number => {
  let end = 0;
  for (const line of linesOf(yaml)) {
    if (line.end > upTo) break;
    if (line.text.trim() === '') end = line.end;
  }
  return end;
};
