// SPDX-License-Identifier: GPL-3.0-only
import { type Pair, visit } from 'yaml';
import { readIntents } from '../../../../src/chore/intent.ts';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { canonicalJson } from '../../../../src/data/digest.ts';
import { isRefused, textRefusal } from '../../../../src/markdown/decode-markdown.ts';
import {
  findPair,
  isSameKey,
  keyValue,
  type ParsedFrontmatter,
  parseFrontmatter,
  type SplitDocument,
  splitFrontmatter,
} from '../../../../src/markdown/frontmatter.ts';
import { hashtagsOf } from '../../../../src/markdown/hashtags.ts';
import { noteTitle } from '../../../../src/markdown/note-title.ts';
import { pairStart, pairStop } from '../../../../src/markdown/pair-lines.ts';
import type { Spec } from '../../../../src/spec/schema.ts';
import { headerOnTop, saysHeader } from './header.ts';
import { redoKeys } from './keys.ts';

type Note = SplitDocument & { readonly parsed: ParsedFrontmatter };

/** Works out what the note's frontmatter should say and compares. */
export const redoNote = (
  path: string,
  base: string,
  patched: string,
  intents: readonly Intent[],
  spec: Spec,
): readonly string[] => {
  const reason = textRefusal(patched);
  if (reason !== undefined) return [reason];
  const [old, now] = [noteOf(base), noteOf(patched)];
  if (typeof old === 'string') return [`before: ${old}`];
  if (typeof now === 'string') return [`now: ${now}`];
  const headers = intents.filter((intent) => intent.kind === 'header');
  const asksFront =
    Object.keys(spec.rules).some((name) => name !== 'header') ||
    intents.some(({ kind }) => kind.startsWith('frontmatter') || kind === 'key-order');
  const body =
    old.body === now.body
      ? headers.flatMap((header) => saysHeader(commentsAbove(old.body), header))
      : headers.length > 0
        ? headerOnTop(old.body, now.body, headers, 'markup')
        : ['its text has changed'];
  const front = asksFront
    ? redoFront(path, old, now, base, spec)
    : old.open + old.yaml + old.close === now.open + now.yaml + now.close
      ? []
      : ['its frontmatter must not be changed'];
  return [...(old.bom === now.bom ? [] : ['its byte order mark has changed']), ...body, ...front];
};

/** Comments that stand before all text, at the left edge: what a reader sees, or code, is not a header. */
const commentsAbove = (body: string): string =>
  /^(?:(?:[ \t]*\r?\n)* {0,3}<!--(?:(?!-->)[\s\S])*-->)+/.exec(body)?.[0] ?? '';

const noteOf = (text: string): Note | string => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split.refused;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  return isRefused(parsed) ? parsed.refused : { ...split, parsed };
};

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const namesOf = ({ parsed }: Note): readonly string[] =>
  (parsed.map?.items ?? []).map(({ key }) => String(key));

const redoFront = (
  path: string,
  old: Note,
  now: Note,
  base: string,
  spec: Spec,
): readonly string[] => {
  const { free, title, tags, removed, findings } = redoKeys(path, spec, {
    base,
    was: (key) => keyValue(old.parsed, key),
    is: (key) => keyValue(now.parsed, key),
    names: namesOf(now),
  });
  if (now.open === '' && (old.open !== '' || title)) return ['it still has no frontmatter'];
  const keys = [...(title ? ['title'] : []), ...(tags ? ['tags'] : []), ...free];
  const isOpen = (name: string): boolean => keys.some((key) => isSameKey(name, key));
  const kept = namesOf(old).filter((name) => !isOpen(name));
  const there = namesOf(now).filter((name) => !isOpen(name));
  const respelled = namesOf(now).filter(
    (name) =>
      isOpen(name) && namesOf(old).some((other) => other !== name && isSameKey(other, name)),
  );
  return [
    ...findings,
    ...respelled.map((name) => `its key ${name} was there in another spelling`),
    ...kept.filter((name) => !there.includes(name)).map((name) => `its key ${name} was removed`),
    ...there
      .filter((name) => !kept.includes(name))
      .map((name) => `its key ${name} was added, which no sentence asks for`),
    ...(title ? wrongTitle(path, old, now) : []),
    ...(tags ? wrongTags(old, now) : []),
    ...kept.flatMap((name) =>
      sourceOf(old, name) === sourceOf(now, name) ? [] : [`its key ${name} has changed`],
    ),
    ...(sameOrder(old, now, spec) ? [] : ['the order of its keys has changed']),
    ...(remarks(old, removed).every((remark) => now.yaml.includes(remark))
      ? []
      : ['a comment in its frontmatter was removed']),
  ];
};

const sourceOf = ({ yaml, parsed }: Note, name: string): string => {
  const pair: Pair | undefined =
    findPair(parsed.map, name) ?? parsed.map?.items.find(({ key }) => String(key) === name);
  return pair ? yaml.slice(pairStart(pair), pairStop(pair)).trimEnd() : '';
};

/** Keys that were there and are there still, unless an order is asked for. */
const sameOrder = (old: Note, now: Note, { acceptance, rules }: Spec): boolean => {
  const asked =
    rules.order !== undefined ||
    acceptance.some((one) => readIntents(one)?.some(({ kind }) => kind === 'key-order'));
  const [was, is] = [namesOf(old), namesOf(now)];
  return (
    asked ||
    same(
      was.filter((name) => is.includes(name)),
      is.filter((name) => was.includes(name)),
    )
  );
};

/** Comments, but for those within values that are to go; a `#` in a value is none. */
const remarks = ({ yaml, parsed }: Note, removed: readonly string[]): readonly string[] => {
  const values: [number, number][] = [];
  visit(parsed.document, {
    Scalar: (_, { range }) => {
      if (range) values.push([range[0], range[1]]);
    },
  });
  const gone = removed.flatMap((name) => findPair(parsed.map, name) ?? []);
  return [...yaml.matchAll(/(?:^|[ \t])(#[^\r\n]*)/gm)].flatMap(
    ({ index, 0: whole, 1: text = '' }) => {
      const at = index + whole.length - text.length;
      const inValue = values.some(([start, end]) => start <= at && at < end);
      const within = gone.some((pair) => pairStart(pair) <= at && at < pairStop(pair));
      return inValue || within ? [] : [text];
    },
  );
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const wrongTitle = (path: string, old: Note, now: Note): readonly string[] => {
  const [was, is] = [keyValue(old.parsed, 'title'), keyValue(now.parsed, 'title')];
  if (!isEmpty(was)) return same(was, is) ? [] : ['its title should have been kept'];
  const wanted = noteTitle(old.body, path);
  return is === wanted ? [] : [`its title should be ${JSON.stringify(wanted)}`];
};

const wrongTags = (old: Note, now: Note): readonly string[] => {
  const [was, is] = [keyValue(old.parsed, 'tags'), keyValue(now.parsed, 'tags')];
  const kept = (Array.isArray(was) ? was : typeof was === 'string' ? was.split(',') : [was])
    .filter((tag) => !isEmpty(tag))
    .map((tag) => String(tag).trim().replace(/^#/, ''));
  const isNew = (tag: string): boolean =>
    kept.every((other) => other.localeCompare(tag, 'en', { sensitivity: 'accent' }) !== 0);
  const wanted = [...new Set([...kept, ...hashtagsOf(old.body).filter(isNew)])].sort();
  const isTags = (name: string): boolean => isSameKey(name, 'tags');
  if (wanted.length === 0)
    return same(was, is) && namesOf(old).some(isTags) === namesOf(now).some(isTags)
      ? []
      : ['it has no tags to list'];
  if (!Array.isArray(is)) return ['its tags are not a list'];
  const tags = is.map(String);
  return same([...tags].sort(), wanted) && same(tags, [...tags].sort())
    ? []
    : [`its tags should be ${wanted.join(', ')}`];
};
