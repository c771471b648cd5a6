// SPDX-License-Identifier: GPL-3.0-only
import { isScalar, isSeq } from 'yaml';
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import type { CommitDays } from '../../../src/markdown/commit-days.ts';
import { findPair, isSameKey, type ParsedFrontmatter } from '../../../src/markdown/frontmatter.ts';
import { hashtagsOf } from '../../../src/markdown/hashtags.ts';
import { firstHeading, isTemplateHeading } from '../../../src/markdown/headings.ts';
import type { DocRules } from '../../../src/markdown/rules.ts';
import { bareName, spokenName } from './names.ts';

/** A note as it was. */
export type Note = {
  readonly path: string;
  readonly body: string;
  readonly parsed: ParsedFrontmatter;
  readonly days: CommitDays;
};

/** The text that a key is to be taken from; none where hashtags give a list or a status. @throws Declined */
export const source = (
  from: string,
  name: string,
  { path, body, days }: Note,
  { status }: DocRules,
): string | undefined => {
  if (from === 'file-name') return isSameKey(name, 'title') ? spokenName(path) : bareName(path);
  if (from === 'heading') {
    const heading = firstHeading(body);
    if (!heading || isTemplateHeading(heading)) throw new Declined(`no heading gives its ${name}`);
    return heading.text;
  }
  if (from === 'first-commit' || from === 'last-commit') {
    const day = from === 'first-commit' ? days.first : days.last;
    if (day === undefined)
      throw new Declined(`no date of a ${from.replace('-', ' ')} gives its ${name}`);
    return day;
  }
  if (isSameKey(name, 'tags') || (status && isSameKey(name, status.key))) return undefined;
  throw new Declined(`no rule says which hashtag its ${name} is`);
};

/** The title of a note that has none. @throws Declined */
export const headline = ({ body, path }: Note): string => {
  const heading = firstHeading(body);
  if (heading?.level !== 1) return spokenName(path);
  if (isTemplateHeading(heading)) throw new Declined('only a template knows its heading');
  return heading.text;
};

/** A list's tags, or those between commas, and hashtags that are in no spelling among them. @throws Declined */
export const allTags = ({ parsed, body }: Note, value: unknown): readonly Json[] => {
  const node = findPair(parsed.map, 'tags')?.value;
  for (const item of isSeq(node) ? node.items : [node]) {
    if (isScalar(item) && typeof item.value === 'number' && item.source !== String(item.value))
      throw new Declined(`its tag ${item.source} is not the number that it looks like`);
  }
  const isWords = typeof value === 'string' && !value.includes(',') && /\s/.test(value.trim());
  const parts: readonly unknown[] = typeof value === 'string' ? value.split(',') : [value].flat();
  const tags = new Map<string, Json>();
  for (const part of parts) {
    const tag = typeof part === 'string' ? part.trim().replace(/^#/, '') : (part ?? '');
    if (tag === '') continue;
    if (isWords || typeof tag === 'object') throw new Declined('its tags are no list of words');
    const text = String(tag);
    if (tags.has(text) && tags.get(text) !== tag)
      throw new Declined(`its tag ${text} is there in quotes and without`);
    tags.set(text, tag as Json);
  }
  const listed = new Set([...tags.keys()].map((tag) => tag.toLowerCase()));
  for (const tag of hashtagsOf(body)) if (!listed.has(tag.toLowerCase())) tags.set(tag, tag);
  return [...tags.keys()].sort().map((tag) => tags.get(tag) ?? tag);
};

/** The one status that hashtags say, if any does. @throws Declined */
export const statusOf = (
  from: readonly string[] | Readonly<Record<string, string>>,
  body: string,
): string | undefined => {
  const statuses = hashtagsOf(body).flatMap((tag) => {
    if (Array.isArray(from)) return from.includes(tag) ? [tag] : [];
    return Object.entries(from).flatMap(([name, status]) => (name === tag ? [String(status)] : []));
  });
  const [status, ...others] = new Set(statuses);
  if (others.length > 0)
    throw new Declined(`its hashtags say ${[status, ...others].join(' and ')}`);
  return status;
};
