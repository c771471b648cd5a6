// SPDX-License-Identifier: GPL-3.0-only
import { isDeepStrictEqual } from 'node:util';
import type { Demands, ValueSource } from '../../src/markdown/demands.ts';
import { hashtagsOf } from '../../src/markdown/hashtags.ts';
import { firstHeading, isTemplateHeading } from '../../src/markdown/headings.ts';
import { fileStem, nameInWords, noteTitle } from '../../src/markdown/note-title.ts';
import { hasShape, isEmpty, slugOf } from '../../src/markdown/rules.ts';
import { foldKey, inAnyCase, type Lookup, type Values } from './raw-front.ts';

/** Keys in lower case that the spec lets change; all others must keep every byte. */
export const keysOf = (demands: Demands): ReadonlySet<string> =>
  new Set(
    [
      ...(demands.title ? ['title'] : []),
      ...(demands.tags ? ['tags'] : []),
      ...demands.removed,
      ...Object.keys(demands.fixed),
      ...Object.keys(demands.defaults),
      ...[...demands.taken, ...demands.filled].map(([key]) => key),
      ...demands.slugs.map(([key]) => key),
      ...(demands.status ? [demands.status.key] : []),
    ]
      .filter((key) => !demands.kept.includes(key))
      .map((key) => key.toLowerCase()),
  );

export type DocumentFacts = {
  readonly path: string;
  /** The document's text below the frontmatter, as it was. */
  readonly body: string;
  readonly firstCommitDate: string | undefined;
};

/** What the spec asks of the frontmatter and is not met, in words; nothing where all is met. */
export const findUnmet = (
  before: Values,
  after: Values,
  demands: Demands,
  facts: DocumentFacts,
): string | undefined => {
  const [was, is] = [inAnyCase(before), inAnyCase(after)];
  const isSet = (name: string): boolean =>
    Object.hasOwn(demands.fixed, name) || demands.taken.some(([key]) => key === name);
  const checks: (string | undefined | false)[] = [
    demands.title && !isSet('title') && titleFault(was, is, facts),
    demands.tags &&
      !Object.hasOwn(demands.fixed, 'tags') &&
      tagsFault(was.get('tags'), is.get('tags'), demands.tagged, facts.body),
    ...demands.removed.map((key) => is.has(key) && `${key} is still there`),
    ...Object.entries(demands.fixed).map(
      ([key, value]) =>
        (typeof value === 'boolean'
          ? is.get(key) !== value
          : String(is.get(key)) !== String(value)) && `${key} is not ${value}`,
    ),
    ...keptFaults(was, is, demands),
    ...demands.required.map((key) => isEmpty(is.get(key)) && `${key} is missing`),
    ...demands.types.map(
      ([key, shape]) =>
        !isEmpty(is.get(key)) &&
        !hasShape(plain(is.get(key)), shape) &&
        `${key} is not of type ${shape}`,
    ),
    ...demands.enums.map(
      ([key, values]) =>
        !isEmpty(is.get(key)) &&
        ![is.get(key)].flat().every((item) => values.some((value) => value === item)) &&
        `${key} is not one of ${values.join(', ')}`,
    ),
    ...Object.entries(demands.defaults).map(
      ([key, value]) =>
        isEmpty(is.get(key)) && !isEmpty(value) && `${key} does not have its default`,
    ),
    statusFault(was, is, demands, facts.body),
    ...[...demands.taken, ...demands.filled.filter(([key]) => isEmpty(was.get(key)))].map(
      ([key, from]) =>
        from !== 'hashtags' &&
        !isTaken(key, from, was.get(key), is.get(key), facts) &&
        `${key} is not taken from the ${from}`,
    ),
    ...demands.slugs.map(
      ([key, from]) =>
        isEmpty(was.get(key)) &&
        is.get(key) !== slugOf(from === 'title' ? String(is.get('title')) : fileStem(facts.path)) &&
        `${key} is not the slug of the ${from}`,
    ),
    orderFault(was, is, demands),
  ];
  return checks.find((check) => typeof check === 'string');
};

const plain = (value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;

/** Also a value that said the same before in another form: a number, a day with its time. */
const isTaken = (
  key: string,
  from: ValueSource,
  was: unknown,
  is: unknown,
  { path, body, firstCommitDate }: DocumentFacts,
): boolean => {
  const heading = firstHeading(body);
  const wanted = {
    heading: heading && !isTemplateHeading(heading) ? heading.text : undefined,
    'file-name': key === 'title' ? nameInWords(path) : fileStem(path),
    'first-commit': firstCommitDate,
    hashtags: undefined,
  }[from];
  if (wanted === undefined) return false;
  const kept = isDeepStrictEqual(was, is) && typeof is !== 'object' ? String(is) : '';
  return is === wanted || kept === wanted || (from === 'first-commit' && kept.startsWith(wanted));
};

/** A title that held something stays; else it is the heading on top, else the file name. */
const titleFault = (was: Lookup, is: Lookup, facts: DocumentFacts): string | undefined => {
  if (isEmpty(is.get('title'))) return 'title is missing';
  if (!isEmpty(was.get('title'))) return undefined;
  return is.get('title') === noteTitle(facts.body, facts.path)
    ? undefined
    : 'title is neither the heading on top nor the file name';
};

const words = (value: unknown): readonly string[] =>
  [value]
    .flat()
    .flatMap((tag) => (typeof tag === 'string' && !Array.isArray(value) ? tag.split(',') : [tag]))
    .filter((tag) => !isEmpty(tag))
    .map((tag) => String(tag).trim().replace(/^#/, ''))
    .filter((tag) => tag !== '');

const tagsFault = (
  was: unknown,
  is: unknown,
  tagged: boolean,
  body: string,
): string | undefined => {
  const kept = words(was);
  const spellings = kept.map((tag) => tag.toLowerCase());
  const added = hashtagsOf(body).filter((tag) => !spellings.includes(tag.toLowerCase()));
  const wanted = [...new Set([...kept, ...added])].sort();
  if (wanted.length === 0 && tagged) return 'there are no tags';
  if (wanted.length === 0)
    return isDeepStrictEqual(was, is) ? undefined : 'tags has changed, where there are none';
  if (!Array.isArray(is)) return 'tags is not a list';
  const tags = is.map(String);
  return isDeepStrictEqual(tags, wanted)
    ? undefined
    : `tags are not the sorted list of ${wanted.join(', ')}`;
};

/** A value that was there stays, but for tags and what a sentence fixes, takes or removes. */
const keptFaults = (was: Lookup, is: Lookup, demands: Demands): readonly (string | false)[] =>
  [...keysOf(demands)]
    .filter(
      (key) =>
        ![
          'tags',
          ...Object.keys(demands.fixed),
          ...demands.removed,
          ...demands.taken.filter(([, from]) => from !== 'hashtags').map(([name]) => name),
        ].some((name) => foldKey(name) === key),
    )
    .map(
      (key) =>
        !isEmpty(was.get(key)) &&
        !isDeepStrictEqual(was.get(key), is.get(key)) &&
        `${key} was not kept`,
    );

const statusFault = (
  was: Lookup,
  is: Lookup,
  { status, defaults }: Demands,
  body: string,
): string | undefined => {
  if (!status || !isEmpty(was.get(status.key))) return undefined;
  const said = new Set(
    hashtagsOf(body).flatMap((tag) => (Object.hasOwn(status.from, tag) ? [status.from[tag]] : [])),
  );
  const wanted = said.size > 0 ? [...said] : [defaults[status.key]];
  return wanted.length === 1 && isDeepStrictEqual(is.get(status.key) ?? undefined, wanted[0])
    ? undefined
    : `${status.key} is not what the hashtags say`;
};

const orderFault = (was: Lookup, is: Lookup, demands: Demands): string | undefined => {
  const order = demands.order.map((key) => key.toLowerCase());
  const now = [...is.keys()];
  const wanted = order.filter((key) => is.has(key));
  if (!isDeepStrictEqual(now.slice(0, wanted.length), wanted))
    return 'the keys are not in the requested order';
  const rest = (keys: readonly unknown[]) =>
    keys.filter((key) => was.has(key) && is.has(key) && !order.includes(String(key)));
  return isDeepStrictEqual(rest(now), rest([...was.keys()]))
    ? undefined
    : 'the order of the keys has changed';
};
