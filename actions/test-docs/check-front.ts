// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Demands } from '../../src/markdown/demands.ts';
import { hashtagsOf } from '../../src/markdown/hashtags.ts';
import { firstHeading } from '../../src/markdown/headings.ts';
import { hasShape, isEmpty, slugOf } from '../../src/markdown/rules.ts';
import { blocksOf, innerLines, type RawNote, valuesIn } from './raw-front.ts';

type Values = ReadonlyMap<unknown, unknown>;

/** Keys that the spec lets change; all others must keep every byte. */
export const keysOf = (demands: Demands): ReadonlySet<string> =>
  new Set(
    [
      ...(demands.title ? ['title'] : []),
      ...(demands.tags ? ['tags'] : []),
      ...demands.removed,
      ...Object.keys(demands.fixed),
      ...Object.keys(demands.defaults),
      ...demands.taken.map(([key]) => key),
      ...demands.slugs.map(([key]) => key),
      ...(demands.status ? [demands.status.key] : []),
    ].filter((key) => !demands.kept.includes(key)),
  );

/** What is wrong with the keys that the spec does not speak of; nothing where all is as it was. */
export const findTouched = (
  base: RawNote,
  patched: RawNote,
  free: ReadonlySet<string>,
): string | undefined => {
  const [was, is] = [valuesIn(base.front), valuesIn(patched.front)];
  if (!was || !is) return 'the frontmatter is not valid YAML';
  for (const [key, value] of was) {
    if (!free.has(String(key)) && !isDeepStrictEqual(is.get(key), value))
      return `the key ${key} has changed`;
  }
  const added = [...is.keys()].find((key) => !was.has(key) && !free.has(String(key)));
  if (added !== undefined) return `the key ${added} was added`;
  const [before, after] = [keptLines(base.front, free), linesCounted(patched.front)];
  for (const [line, times] of before) {
    if ((after.get(line) ?? 0) < times)
      return `the line "${line.trimEnd().slice(0, 80)}" is gone or has changed`;
  }
  const broken = keptBlocks(base.front, free).find((block) => !patched.front.includes(block));
  if (broken !== undefined) return `the lines of "${broken.slice(0, 80).trimEnd()}" have changed`;
  if (base.front === '') return undefined;
  return fencesOf(base.front).every((fence, index) => fence === fencesOf(patched.front)[index])
    ? undefined
    : 'the lines around the frontmatter have changed';
};

const fencesOf = (front: string): readonly string[] => {
  const lines = front.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
  return [lines[0] ?? '', lines.at(-1) ?? ''];
};

const count = (lines: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
};

const linesCounted = (front: string) => count(innerLines(front));

const isInBraces = (front: string): boolean =>
  /^\s*\{/.test(innerLines(front).find((line) => !/^\s*(?:#|$)/.test(line)) ?? '');

/** The lines of each key that is not free, without the comments and blank lines below it. */
const keptBlocks = (front: string, free: ReadonlySet<string>): readonly string[] =>
  isInBraces(front)
    ? []
    : blocksOf(front)
        .filter(({ key }) => key !== '' && !free.has(key))
        .map(({ lines }) =>
          lines.slice(0, lines.findLastIndex((line) => !/^\s*(?:#|$)/.test(line)) + 1).join(''),
        );

/** Lines that must all be there still: those of keys not free, and every comment line. */
const keptLines = (front: string, free: ReadonlySet<string>) => {
  const inBraces = isInBraces(front);
  return count(
    blocksOf(front).flatMap(({ key, lines }) =>
      inBraces || free.has(key) ? lines.filter((line) => /^\s*#/.test(line)) : lines,
    ),
  );
};

export type DocumentFacts = {
  readonly path: string;
  /** The document's text below the frontmatter, as it was. */
  readonly body: string;
  readonly firstCommitDate: string | undefined;
};

/** What the spec asks of the frontmatter and is not met, in words; nothing where all is met. */
export const findUnmet = (
  was: Values,
  is: Values,
  demands: Demands,
  facts: DocumentFacts,
): string | undefined => {
  const checks: (string | undefined | false)[] = [
    demands.title && !Object.hasOwn(demands.fixed, 'title') && titleFault(was, is, facts),
    demands.tags &&
      !Object.hasOwn(demands.fixed, 'tags') &&
      tagsFault(was.get('tags'), is.get('tags'), facts.body),
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
    ...demands.taken.map(
      ([key, from]) =>
        key !== 'tags' &&
        isEmpty(was.get(key)) &&
        !isTaken(is.get(key), from, facts) &&
        `${key} is not taken from the ${from}`,
    ),
    ...demands.slugs.map(
      ([key, from]) =>
        isEmpty(was.get(key)) &&
        is.get(key) !==
          slugOf(from === 'title' ? String(is.get('title')) : posix.parse(facts.path).name) &&
        `${key} is not the slug of the ${from}`,
    ),
    orderFault(was, is, demands),
  ];
  return checks.find((check) => typeof check === 'string');
};

const plain = (value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;

const isTaken = (value: unknown, from: string, facts: DocumentFacts): boolean => {
  if (from === 'first-commit')
    return facts.firstCommitDate !== undefined && value === facts.firstCommitDate;
  const stem = posix.parse(facts.path).name;
  return value === (from === 'file-name' ? stem : (firstHeading(facts.body) ?? stem));
};

/** A title that held something stays; else it is the first heading, else the file name. */
const titleFault = (was: Values, is: Values, facts: DocumentFacts): string | undefined => {
  const taken = new Set([firstHeading(facts.body), posix.parse(facts.path).name]);
  if (isEmpty(is.get('title'))) return 'title is missing';
  if (!isEmpty(was.get('title'))) return undefined;
  return taken.has(String(is.get('title')))
    ? undefined
    : 'title is neither the heading nor the file name';
};

const words = (value: unknown): readonly string[] =>
  [value]
    .flat()
    .flatMap((tag) => (typeof tag === 'string' && !Array.isArray(value) ? tag.split(',') : [tag]))
    .filter((tag) => !isEmpty(tag))
    .map((tag) => String(tag).trim().replace(/^#/, ''))
    .filter((tag) => tag !== '');

const tagsFault = (was: unknown, is: unknown, body: string): string | undefined => {
  if (!Array.isArray(is)) return 'tags is not a list';
  const kept = words(was);
  const spellings = kept.map((tag) => tag.toLowerCase());
  const added = hashtagsOf(body).filter((tag) => !spellings.includes(tag.toLowerCase()));
  const wanted = [...new Set([...kept, ...added])].sort();
  const tags = is.map(String);
  return isDeepStrictEqual(tags, wanted)
    ? undefined
    : `tags are not the sorted list of ${wanted.join(', ') || 'none'}`;
};

/** A value that was there stays, but for tags and what a sentence fixes or removes. */
const keptFaults = (was: Values, is: Values, demands: Demands): readonly (string | false)[] =>
  [...keysOf(demands)]
    .filter(
      (key) =>
        key !== 'tags' && !Object.hasOwn(demands.fixed, key) && !demands.removed.includes(key),
    )
    .map(
      (key) =>
        !isEmpty(was.get(key)) &&
        !isDeepStrictEqual(was.get(key), is.get(key)) &&
        `${key} was not kept`,
    );

const statusFault = (
  was: Values,
  is: Values,
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

const orderFault = (was: Values, is: Values, { order }: Demands): string | undefined => {
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
