// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isScalar, isSeq, type Scalar } from 'yaml';
import type { Json } from '../data/digest.ts';
import { isRefused, type Refused, textRefusal } from './decode-markdown.ts';
import type { Demands, ValueSource } from './demands.ts';
import { editFrontmatter, type FrontmatterEdit } from './edit-frontmatter.ts';
import {
  findPair,
  keyValue,
  type ParsedFrontmatter,
  parseFrontmatter,
  splitFrontmatter,
} from './frontmatter.ts';
import { hashtagsOf } from './hashtags.ts';
import { firstHeading, isTemplateHeading } from './headings.ts';
import { hasShape, isEmpty, slugOf } from './rules.ts';
import { sameValue } from './yaml-value.ts';

/** What a document says only outside its text. */
export type NoteFacts = {
  /** `YYYY-MM-DD` of the commit that added the file. */
  readonly firstCommitDate?: string | undefined;
};

export type NoteFile = { readonly path: string; readonly text: string; readonly facts: NoteFacts };

/** The edit that normalises a document and what comes of it; an empty `keys` with equal text: done. */
export type NormalisedNote = {
  readonly edit: FrontmatterEdit;
  readonly text: string;
  readonly keys: readonly string[];
};

/** File name without its last extension. */
export const fileStem = (path: string): string => posix.parse(path).name;

/**
 * Works out what the demands mean for one document and does it on its text. What would need a guess
 * (a title that is a list, two statuses, a value off its list) is refused.
 */
export const normaliseNote = (note: NoteFile, demands: Demands): NormalisedNote | Refused => {
  const reason = textRefusal(note.text);
  if (reason !== undefined) return { refused: reason };
  const split = splitFrontmatter(note.text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  if (!demands.any) return { edit: { set: {} }, text: note.text, keys: [] };
  const values = wantedValues(note, split.body, parsed, demands);
  if (isRefused(values)) return values;
  const set = Object.fromEntries(
    [...values.wanted].filter(([key, value]) => !sameValue(keyValue(parsed, key), value)),
  );
  const torn = demands.kept.find((key) => Object.hasOwn(set, key));
  if (torn !== undefined)
    return { refused: `has a ${torn} that the acceptance asks to keep and to change` };
  const broken = findBroken(values.get, demands);
  if (broken !== undefined) return { refused: broken };
  const remove = demands.removed.filter((key) => keyValue(parsed, key) !== undefined);
  const merged = remove.find((key) => !findPair(parsed.map, key));
  if (merged !== undefined) return { refused: `has a ${merged} that "<<" merges in` };
  const edit: FrontmatterEdit = { set, remove, order: demands.order };
  const edited = editFrontmatter(note.text, edit);
  return isRefused(edited) ? edited : { edit, ...edited };
};

type Values = {
  readonly wanted: ReadonlyMap<string, Json>;
  readonly get: (key: string) => unknown;
};

const wantedValues = (
  { path, facts }: NoteFile,
  body: string,
  parsed: ParsedFrontmatter,
  demands: Demands,
): Values | Refused => {
  const wanted = new Map<string, Json>();
  const get = (key: string): unknown => (wanted.has(key) ? wanted.get(key) : keyValue(parsed, key));
  const put = (key: string, value: Json | Refused | undefined): Refused | undefined => {
    if (value === undefined) return undefined;
    if (value !== null && typeof value === 'object' && isRefused(value)) return value;
    wanted.set(key, value as Json);
    return undefined;
  };
  const putMissing = (key: string, value: () => Json | Refused | undefined): Refused | undefined =>
    isEmpty(get(key)) ? put(key, value()) : undefined;
  const heading = (): string | Refused =>
    isTemplateHeading(body)
      ? { refused: 'has a heading with template code, whose text nobody can know' }
      : (firstHeading(body) ?? fileStem(path));
  const sources: Readonly<Record<ValueSource, (key: string) => Json | Refused | undefined>> = {
    heading,
    title: heading,
    'file-name': () => fileStem(path),
    hashtags: () => undefined,
    'first-commit': (key) =>
      facts.firstCommitDate ?? {
        refused: `${key} needs the date of the first commit, which is not known`,
      },
  };
  const takenSteps = (covers: (key: string) => boolean) =>
    demands.taken
      .filter(([key]) => covers(key))
      .map(
        ([key, from]) =>
          () =>
            putMissing(key, () => sources[from](key)),
      );
  const title = get('title');
  const steps: (() => Refused | undefined)[] = [
    () =>
      demands.title && title !== null && typeof title === 'object'
        ? { refused: 'has a title that is not text' }
        : undefined,
    ...takenSteps((key) => key === 'title'),
    () => (demands.title ? putMissing('title', heading) : undefined),
    () => (demands.tags ? put('tags', wantedTags(parsed, get('tags'), body)) : undefined),
    ...takenSteps((key) => key !== 'title' && key !== 'tags'),
    () =>
      demands.status
        ? putMissing(demands.status.key, () => statusOf(body, demands.status?.from ?? {}))
        : undefined,
    ...demands.slugs.map(
      ([key, from]) =>
        () =>
          putMissing(key, () => {
            const name = from === 'title' ? get('title') : undefined;
            const text = !isEmpty(name)
              ? String(name)
              : from === 'title'
                ? heading()
                : fileStem(path);
            return typeof text === 'string' ? slugOf(text) : text;
          }),
    ),
    ...Object.entries(demands.defaults).map(
      ([key, value]) =>
        () =>
          putMissing(key, () => value),
    ),
    ...Object.entries(demands.fixed).map(([key, value]) => () => {
      const current = get(key);
      const isText = typeof current === 'string' && !isEmpty(current);
      // Only a truth value as text means something else to those who read it.
      const same =
        typeof value === 'boolean'
          ? current === value
          : typeof current !== 'object' && String(current) === String(value);
      if (same) return undefined;
      return put(key, typeof value === 'number' && isText ? String(value) : value);
    }),
  ];
  for (const step of steps) {
    const refused = step();
    if (refused) return refused;
  }
  return { wanted, get };
};

/**
 * The tags a note has, in a list or in a text of words, with those of its hashtags that it has in no
 * spelling, sorted, each once.
 */
const wantedTags = ({ map }: ParsedFrontmatter, current: unknown, body: string): Json | Refused => {
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
export const splitTags = (value: unknown): readonly (string | number | boolean)[] | undefined => {
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

const statusOf = (
  body: string,
  from: Readonly<Record<string, string>>,
): Json | Refused | undefined => {
  const statuses = new Set(
    hashtagsOf(body).flatMap((tag) => (Object.hasOwn(from, tag) ? [from[tag] ?? tag] : [])),
  );
  if (statuses.size > 1)
    return { refused: `has hashtags for several statuses: ${[...statuses].join(', ')}` };
  return [...statuses][0];
};

const findBroken = (get: Values['get'], demands: Demands): string | undefined => {
  for (const key of demands.required)
    if (isEmpty(get(key))) return `has no ${key}, and nothing says which value to set`;
  for (const [key, shape] of demands.types) {
    const value = get(key);
    if (!isEmpty(value) && !hasShape(value, shape))
      return `has a ${key} that is not of type ${shape}`;
  }
  for (const [key, values] of demands.enums) {
    const value = get(key);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!isEmpty(value) && !items.every((item) => values.some((ok) => sameValue(ok, item)))) {
      return `has a ${key} that is not one of ${values.map(String).join(', ')}`;
    }
  }
  return undefined;
};
