// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import type { Trial } from '../docs/variants.ts';
import { textBelow } from '../docs/witness.ts';
import { letters, readHashtags, readTitle } from './plain-reading.ts';

type Values = ReadonlyMap<unknown, unknown>;

/**
 * What of a changed document is not as asked: title kept, else the heading on top, else the file
 * name; tags kept, with the hashtags, sorted; every other key and its lines kept; nothing added.
 */
export const findUnmet = (trial: Trial, after: Buffer): string | undefined => {
  const [was, is] = [withoutMark(trial.bytes), withoutMark(after)];
  const body = trial.body ?? textBelow(was);
  const [old, now] = [was.slice(0, was.length - body.length), is.slice(0, is.length - body.length)];
  const [before, found] = [valuesIn(old), valuesIn(now)];
  if (!before || !found) return 'the frontmatter is not valid YAML';
  const text = utf8(body);
  return (
    titleFault(before.get('title'), found.get('title'), text, trial.path) ??
    tagsFault(before.get('tags'), found.get('tags'), text) ??
    otherKeys(before, found) ??
    otherLines(old, now)
  );
};

const withoutMark = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');

const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

const linesOf = (front: string): readonly string[] => front.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const valuesIn = (front: string): Values | undefined => {
  const text = utf8(linesOf(front).slice(1, -1).join('').replaceAll('\r', ''));
  const document = parseDocument(text, { merge: true, logLevel: 'error' });
  if (document.errors.length > 0) return undefined;
  const values: unknown = document.toJS({ mapAsMap: true }) ?? new Map();
  return values instanceof Map ? values : undefined;
};

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || String(value).trim() === '';

const titleFault = (old: unknown, now: unknown, body: string, path: string): string | undefined => {
  if (!isNothing(old)) return isDeepStrictEqual(old, now) ? undefined : 'the title was not kept';
  const name = posix.parse(path).name.replace(/^\d{4}-\d\d-\d\d-/, '');
  const [found, wanted] = [String(now ?? ''), readTitle(body) ?? name];
  const isClean = found.trim() !== '' && !/\p{Emoji_Presentation}|[\r\n]/u.test(found);
  return isClean && letters(found) === letters(wanted)
    ? undefined
    : `the title is ${JSON.stringify(now)} where ${JSON.stringify(wanted)} is read`;
};

const tagsFault = (old: unknown, now: unknown, body: string): string | undefined => {
  const words = typeof old === 'string' ? old.split(/[,\s]+/) : [old].flat();
  const kept = words.filter((tag) => !isNothing(tag)).map((tag) => String(tag).replace(/^#/, ''));
  const wanted = [...new Set([...kept, ...readHashtags(body)])].sort();
  if (wanted.length === 0 && isDeepStrictEqual(old, now)) return undefined;
  return wanted.length > 0 && Array.isArray(now) && isDeepStrictEqual(now.map(String), wanted)
    ? undefined
    : `the tags are ${JSON.stringify(now)} where ${JSON.stringify(wanted)} are read`;
};

const otherKeys = (old: Values, now: Values): string | undefined => {
  const rest = (values: Values) => [...values].filter(([key]) => key !== 'title' && key !== 'tags');
  return isDeepStrictEqual(rest(old), rest(now)) ? undefined : 'another key was touched';
};

/** All lines but those of title and tags, to the byte; inside braces there are no lines to tell. */
const otherLines = (old: string, now: string): string | undefined => {
  if (/^---[ \t]*\r?\n\s*\{/.test(old)) return undefined;
  if (old === '') return restOf(now).length === 2 ? undefined : 'another line was added';
  return isDeepStrictEqual(restOf(old), restOf(now)) ? undefined : 'another line was touched';
};

/** A front's lines without the two keys, what stands below them included. */
const restOf = (front: string): readonly string[] => {
  const lines = linesOf(front);
  const first = lines.slice(1, -1).find((line) => /^ *[^\s#]/.test(line)) ?? '';
  const indent = /^ */.exec(first)?.[0] ?? '';
  let own = false;
  return lines.filter((line, index) => {
    const isFence = index === 0 || index === lines.length - 1;
    const key = line.startsWith(indent) ? line.slice(indent.length) : '';
    // A key that is added may stand above comments at the end.
    if (key.startsWith('#')) return true;
    if (isFence || /^(?:[^\s#\]}-]|-\S)/.test(key)) {
      own = !isFence && /^["']?(?:title|tags)["']?[ \t]*:/.test(key);
    }
    return !own;
  });
};
