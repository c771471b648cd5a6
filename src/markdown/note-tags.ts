// SPDX-License-Identifier: GPL-3.0-only
import { isScalar, isSeq, type Scalar } from 'yaml';
import type { Json } from '../data/digest.ts';
import type { Refused } from './decode-markdown.ts';
import { findPair, type ParsedFrontmatter } from './frontmatter.ts';
import { hashtagsOf } from './hashtags.ts';

/**
 * The tags a note has, in a list or in a text of words, with those of its hashtags that it has in no
 * spelling, sorted, each once; `undefined` where there are none.
 */
export const noteTags = (
  { map }: ParsedFrontmatter,
  current: unknown,
  body: string,
): Json | Refused | undefined => {
  const old = splitTags(current);
  if (!old) return { refused: 'has tags that are not a list of words' };
  const odd = oddNumberIn(findPair(map, 'tags')?.value);
  if (odd !== undefined)
    return { refused: `has the tag ${odd}, which YAML reads as another number; quote it` };
  const seen = new Map<string, Json>(old.map((tag) => [String(tag), tag]));
  if (seen.size < new Set(old).size)
    return { refused: 'has tags that differ only in being quoted' };
  const spellings = new Set([...seen.keys()].map((tag) => tag.toLowerCase()));
  for (const tag of hashtagsOf(body)) if (!spellings.has(tag.toLowerCase())) seen.set(tag, tag);
  if (seen.size === 0) return undefined;
  return [...seen].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, tag]) => tag);
};

/** A number that would be written in another way than it is: `010`, `1.10`. */
const oddNumberIn = (node: unknown): string | undefined => {
  const items: readonly unknown[] = isSeq(node) ? node.items : [node];
  return items
    .filter((item) => isScalar<unknown>(item) && typeof item.value === 'number')
    .map((item) => item as Scalar<number>)
    .find(({ value, source }) => source !== undefined && source !== String(value))?.source;
};

/**
 * Tags as written, without a leading `#`: a list without its empty entries, or a text split at its
 * commas. `undefined` for anything else, and for a text of several words without a comma: to Jekyll
 * those are several tags, to Hugo, Eleventy and Hexo one.
 */
const splitTags = (value: unknown): readonly (string | number | boolean)[] | undefined => {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') {
    if (!value.includes(',') && /\S\s+\S/.test(value)) return undefined;
    return value
      .split(',')
      .map(bareTag)
      .filter((tag) => tag !== '');
  }
  const tags = [value].flat().map((tag) => (typeof tag === 'string' ? bareTag(tag) : tag));
  const kept = tags.filter((tag) => tag !== null && tag !== '');
  return kept.every(isTag) ? kept : undefined;
};

const bareTag = (tag: string): string => tag.trim().replace(/^#/, '');

const isTag = (tag: unknown): tag is string | number | boolean =>
  typeof tag === 'string' ||
  typeof tag === 'boolean' ||
  (typeof tag === 'number' && Number.isFinite(tag) && Math.abs(tag) <= Number.MAX_SAFE_INTEGER);
