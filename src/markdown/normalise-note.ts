// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import type { CommitDays } from './commit-days.ts';
import { isRefused, type Refused, textRefusal } from './decode-markdown.ts';
import type { Demands, ValueSource } from './demands.ts';
import { editFrontmatter, type FrontmatterEdit } from './edit-frontmatter.ts';
import {
  findPair,
  isSameKey,
  keyValue,
  type ParsedFrontmatter,
  parseFrontmatter,
  spellingRefusal,
  splitFrontmatter,
} from './frontmatter.ts';
import { hashtagsOf } from './hashtags.ts';
import { noteTags } from './note-tags.ts';
import { fileStem, firstHeadingText, nameInWords, noteTitle } from './note-title.ts';
import { descriptionOf, type Lengths, usualLengths } from './paragraph/note-description.ts';
import { hasShape, isEmpty, slugOf } from './rules.ts';
import { sameValue } from './yaml-value.ts';

export type NoteFile = {
  readonly path: string;
  readonly text: string;
  readonly days?: CommitDays | undefined;
};

/** The edit that normalises a document and what comes of it; an empty `keys` with equal text: done. */
export type NormalisedNote = {
  readonly edit: FrontmatterEdit;
  readonly text: string;
  readonly keys: readonly string[];
};

/** Values that were decided by key; `undefined` leaves what is there. */
export type Chosen = ReadonlyMap<string, Json | undefined>;

/**
 * Works out what the demands mean for one document and does it on its text. What would need a guess
 * (a title that is a list, two statuses, a value off its list) is refused. What was chosen for title, tags,
 * description or status is taken as it is.
 */
export const normaliseNote = (
  note: NoteFile,
  demands: Demands,
  chosen: Chosen = new Map(),
): NormalisedNote | Refused => {
  const reason = textRefusal(note.text);
  if (reason !== undefined) return { refused: reason };
  const split = splitFrontmatter(note.text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  if (!demands.any) return { edit: { set: {} }, text: note.text, keys: [] };
  const twice = spellingRefusal(parsed, keysIn(demands));
  if (twice !== undefined) return { refused: twice };
  const values = wantedValues(note, split.body, parsed, demands, chosen);
  if (isRefused(values)) return values;
  const set = Object.fromEntries(
    [...values.wanted.values()].filter(([key, value]) => !sameValue(keyValue(parsed, key), value)),
  );
  const torn = demands.kept.find((key) => Object.keys(set).some((name) => isSameKey(name, key)));
  if (torn !== undefined)
    return { refused: `has a ${torn} that the acceptance asks to keep and to change` };
  const broken = findBroken(values.get, demands);
  if (broken !== undefined) return { refused: broken };
  const remove = demands.removed.filter((key) => keyValue(parsed, key) !== undefined);
  const merged = remove.find((key) => !findPair(parsed.map, key));
  if (merged !== undefined) return { refused: `has a ${merged} that "<<" merges in` };
  const dates = demands.dates.filter((key) => hasShape(set[key], 'date'));
  const edit: FrontmatterEdit = { set, remove, order: demands.order, dates };
  const edited = editFrontmatter(note.text, edit);
  return isRefused(edited) ? edited : { edit, ...edited };
};

/** All keys that are asked for by name. */
const keysIn = (demands: Demands): ReadonlySet<string> =>
  new Set([
    ...(demands.title ? ['title'] : []),
    ...(demands.tags ? ['tags'] : []),
    ...demands.required,
    ...demands.removed,
    ...demands.kept,
    ...demands.order,
    ...Object.keys(demands.fixed),
    ...Object.keys(demands.defaults),
    ...[...demands.types, ...demands.enums, ...demands.lengths].map(([key]) => key),
    ...[...demands.taken, ...demands.filled, ...demands.slugs].map(([key]) => key),
    ...(demands.status ? [demands.status.key] : []),
  ]);

type Values = {
  /** By key in lower case: the key as asked, and its value. */
  readonly wanted: ReadonlyMap<string, readonly [key: string, value: Json]>;
  readonly get: (key: string) => unknown;
};

const wantedValues = (
  { path, days }: NoteFile,
  body: string,
  parsed: ParsedFrontmatter,
  demands: Demands,
  chosen: Chosen,
): Values | Refused => {
  const wanted = new Map<string, readonly [string, Json]>();
  const get = (key: string): unknown => {
    const put = wanted.get(key.toLowerCase());
    return put ? put[1] : keyValue(parsed, key);
  };
  const put = (key: string, value: Json | Refused | undefined): Refused | undefined => {
    if (value === undefined) return undefined;
    if (value !== null && typeof value === 'object' && isRefused(value)) return value;
    const [name] = wanted.get(key.toLowerCase()) ?? [key];
    wanted.set(key.toLowerCase(), [name, value as Json]);
    return undefined;
  };
  const putMissing = (key: string, value: () => Json | Refused | undefined): Refused | undefined =>
    isEmpty(get(key)) ? put(key, value()) : undefined;
  const dayOf = (which: 'first' | 'last', key: string): string | Refused =>
    days?.[which] ?? {
      refused: `${key} needs the date of the ${which} commit, which is not known`,
    };
  const sources: Readonly<Record<ValueSource, (key: string) => string | Refused | undefined>> = {
    heading: (key) => firstHeadingText(body, key),
    'file-name': (key) => (key === 'title' ? nameInWords(path) : fileStem(path)),
    hashtags: () => undefined,
    'first-commit': (key) => dayOf('first', key),
    'last-commit': (key) => dayOf('last', key),
    'first-paragraph': (key) => descriptionOf(body, lengthsOf(demands, key), key),
  };
  /** A value that says the same in another form stays: a number, or a day with its time. */
  const putTaken = (key: string, from: ValueSource): Refused | undefined => {
    const value = sources[from](key);
    const current = get(key);
    const text = current !== null && typeof current !== 'object' ? String(current) : '';
    const same = from.endsWith('-commit') && hasShape(text, 'date') ? text.slice(0, 10) : text;
    return same === value ? undefined : put(key, value);
  };
  const takenSteps = (covers: (key: string) => boolean) => [
    ...demands.taken
      .filter(([key]) => covers(key) && !chosen.has(key))
      .map(
        ([key, from]) =>
          () =>
            putTaken(key, from),
      ),
    ...demands.filled
      .filter(([key]) => covers(key) && !chosen.has(key))
      .map(
        ([key, from]) =>
          () =>
            putMissing(key, () => sources[from](key)),
      ),
  ];
  const title = get('title');
  const steps: (() => Refused | undefined)[] = [
    () =>
      demands.title && title !== null && typeof title === 'object'
        ? { refused: 'has a title that is not text' }
        : undefined,
    ...[...chosen].map(
      ([key, value]) =>
        () =>
          put(key, value),
    ),
    ...takenSteps((key) => key === 'title'),
    () =>
      demands.title && !chosen.has('title')
        ? putMissing('title', () => noteTitle(body, path))
        : undefined,
    () =>
      demands.tags && !chosen.has('tags')
        ? put('tags', noteTags(parsed, get('tags'), body))
        : undefined,
    ...takenSteps((key) => key !== 'title' && key !== 'tags'),
    () =>
      demands.status && !chosen.has(demands.status.key)
        ? putMissing(demands.status.key, () => statusOf(body, demands))
        : undefined,
    ...demands.slugs.map(
      ([key, from]) =>
        () =>
          putMissing(key, () => {
            if (from === 'file-name') return slugOf(fileStem(path));
            const name = get('title');
            const text = isEmpty(name) ? noteTitle(body, path) : String(name);
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

/** The lengths that a key's text is to have, which others may say than the usual. */
export const lengthsOf = ({ lengths }: Demands, key: string): Lengths =>
  Object.assign(
    { ...usualLengths },
    ...lengths.flatMap(([name, said]) => (isSameKey(name, key) ? [said] : [])),
  );

/** The statuses that a body's hashtags stand for, each once. */
export const statusesOf = (body: string, { status }: Demands): readonly string[] => {
  const from = status?.from ?? {};
  return [
    ...new Set(
      hashtagsOf(body).flatMap((tag) => (Object.hasOwn(from, tag) ? [from[tag] ?? tag] : [])),
    ),
  ];
};

const statusOf = (body: string, demands: Demands): Json | Refused | undefined => {
  const statuses = statusesOf(body, demands);
  return statuses.length > 1
    ? { refused: `has hashtags for several statuses: ${statuses.join(', ')}` }
    : statuses[0];
};

const findBroken = (get: Values['get'], demands: Demands): string | undefined => {
  const tags = get('tags');
  const noTags = isEmpty(tags) || (demands.tagged && Array.isArray(tags) && tags.length === 0);
  if (demands.required.includes('tags') && noTags)
    return 'has no tags, and no hashtag to take them from';
  for (const key of demands.required)
    if (isEmpty(get(key))) return `has no ${key}, and nothing says which value to set`;
  for (const [key, shape] of demands.types) {
    const value = get(key);
    if (!isEmpty(value) && !hasShape(value, shape))
      return `has a ${key} that is not of type ${shape}`;
  }
  for (const [key, { min = 0, max = Number.POSITIVE_INFINITY }] of demands.lengths) {
    const value = get(key);
    const length = typeof value === 'string' ? [...value].length : 0;
    if (length < min || length > max) return `has a ${key} of ${length} characters`;
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
