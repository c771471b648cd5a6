// SPDX-License-Identifier: GPL-3.0-only
import { isScalar, isSeq } from 'yaml';
import { coveredBy, type PatchView } from '../../../src/chore/patch.ts';
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import {
  findPair,
  isSameKey,
  keyValue,
  type ParsedFrontmatter,
  spellingRefusal,
} from '../../../src/markdown/frontmatter.ts';
import { hashtagsOf } from '../../../src/markdown/hashtags.ts';
import { firstHeading, isTemplateHeading } from '../../../src/markdown/headings.ts';
import { type DocRules, docRulesSchema } from '../../../src/markdown/rules.ts';
import { bareName, dayOf, looksLike, slugged, spokenName } from './names.ts';
import { same } from './written.ts';

/** What a key comes to: `value` absent where it goes, `date` where it stands without quotes as one. */
export type Result = { readonly name: string; readonly value?: Json; readonly date: boolean };

/** A note as it was. */
export type Note = {
  readonly path: string;
  readonly body: string;
  readonly parsed: ParsedFrontmatter;
  readonly firstCommit: string | undefined;
};

type Said = Readonly<Record<string, Json>>;

/** What is asked of one note, sentence by sentence. */
export type Requests = {
  readonly normalise: boolean;
  readonly keys: readonly { readonly name: string; readonly said: Said }[];
  readonly order: readonly string[];
  readonly rules: DocRules;
};

/** Reads what sentences and rules want of one note; `undefined` where it is none of theirs. @throws Declined */
export const requestsFor = (patch: PatchView, path: string): Requests | undefined => {
  let normalise = false;
  const keys: { name: string; said: Said }[] = [];
  const order: string[] = [];
  for (const { chore, args } of patch.asked) {
    if (!coveredBy(args.files as readonly string[] | undefined)(path)) continue;
    const names = (args.keys ?? []) as readonly string[];
    if (chore === 'frontmatter') normalise = true;
    else if (chore === 'key-order') order.push(...names);
    else if (chore === 'key') {
      const { keys: _, files: __, ...said } = args;
      for (const name of names) keys.push({ name: plainName(name), said });
    }
  }
  if (!normalise && keys.length + order.length === 0) return undefined;
  const { header: _, ...docRules } = patch.spec.rules;
  const rules = docRulesSchema.safeParse(normalise ? docRules : {});
  if (!rules.success) throw new Declined(`the rules cannot be followed: ${rules.error.message}`);
  return { normalise, keys, order: order.length > 0 ? order : rules.data.order, rules: rules.data };
};

/** Title and tags are those keys in whatever case a sentence writes them. */
const plainName = (name: string): string =>
  ['title', 'tags'].find((known) => isSameKey(name, known)) ?? name;

const isBlank = (value: unknown): boolean =>
  String(value ?? '').trim() === '' && !Array.isArray(value);

/** Works out, step by step, every key that comes to another value. @throws Declined where nobody could know one */
export const workOut = (note: Note, requests: Requests): readonly Result[] => {
  const { parsed } = note;
  const { keys, rules, normalise } = requests;
  const values = new Map<string, { name: string; value: unknown; dated: boolean }>();
  const now = (name: string): unknown =>
    values.get(name.toLowerCase())?.value ?? keyValue(parsed, name);
  const put = (name: string, value: unknown, dated = false): void => {
    const first = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), { name: first?.name ?? name, value, dated });
  };
  const gone = keys.filter(({ said }) => said.state === 'absent').map(({ name }) => name);
  const kept = keys.filter(({ said }) => said.state === 'kept').map(({ name }) => name);
  const wanted = keys.filter(({ said }) => said.state !== 'absent' && said.state !== 'kept');
  const isIn = (list: readonly string[], name: string): boolean =>
    list.some((other) => isSameKey(other, name));
  const asks = (name: string): boolean =>
    isIn(
      wanted.map((one) => one.name),
      name,
    ) ||
    (normalise && !isIn(kept, name));
  const spelled = spellingRefusal(parsed, [...keys.map(({ name }) => name), ...spokenOf(requests)]);
  if (spelled !== undefined) throw new Declined(`it ${spelled}`);

  for (const { name, said } of [...wanted].sort((a, b) => rank(a.name) - rank(b.name))) {
    if (said.from === undefined) continue;
    const current = now(name);
    const next = source(String(said.from), name, note, rules);
    if (next === undefined) continue;
    const text = current !== null && typeof current === 'object' ? '' : String(current);
    const stays = said.from === 'first-commit' ? (dayOf(text) ?? text) === next : text === next;
    if (!stays) put(name, next, said.from === 'first-commit');
  }
  if (asks('title')) {
    const title = now('title');
    if (title !== null && typeof title === 'object') throw new Declined('its title is no text');
    if (isBlank(title)) put('title', headline(note));
  }
  if (asks('tags')) {
    const tags = allTags(note, now('tags'));
    if (tags.length > 0) put('tags', tags);
  }
  if (rules.date && isBlank(now(rules.date.key)))
    put(rules.date.key, source('first-commit', rules.date.key, note, rules), true);
  if (rules.status && isBlank(now(rules.status.key))) {
    const status = statusOf(rules.status.from, note.body);
    if (status !== undefined) put(rules.status.key, status);
  }
  if (rules.slug && isBlank(now(rules.slug.key))) {
    const title = now('title');
    const text = isBlank(title) ? headline(note) : String(title);
    put(rules.slug.key, slugged(rules.slug.from === 'title' ? text : bareName(note.path)));
  }
  for (const [name, value] of Object.entries(rules.defaults))
    if (isBlank(now(name)) && !isBlank(value)) put(name, value, true);
  for (const { name, said } of wanted) {
    if (said.value === undefined || isEqual(now(name), said.value)) continue;
    const current = now(name);
    const text = isSameKey(name, 'title') || (typeof current === 'string' && !isBlank(current));
    put(name, text && typeof said.value === 'number' ? String(said.value) : said.value, true);
  }

  for (const name of gone) {
    if (
      isIn(
        wanted.map((one) => one.name),
        name,
      ) ||
      (normalise && rank(name) < 2)
    )
      throw new Declined(`its ${name} is to be set and to be removed`);
    if (isIn(kept, name)) throw new Declined(`its ${name} is to be kept and to be removed`);
  }
  for (const { name, said } of keys.filter(({ said: { state } }) => state === 'kept')) {
    if (values.has(name.toLowerCase()) && !same(now(name), keyValue(parsed, name)))
      throw new Declined(`its ${name} is to be kept and to be changed`);
    if (Object.keys(said).length > 1) holds(name, said, now(name), note, rules);
  }
  for (const { name, said } of wanted) {
    if (isBlank(now(name))) throw new Declined(`nothing says what its ${name} is to be`);
    holds(name, said, now(name), note, rules);
  }
  follows(rules, now);

  const isText = (name: string): boolean =>
    isSameKey(name, 'title') ||
    Object.entries(rules.types).some(([key, shape]) => isSameKey(key, name) && shape === 'text') ||
    wanted.some((one) => isSameKey(one.name, name) && one.said.shape === 'text');
  const removed = gone.filter((name) => keyValue(parsed, name) !== undefined);
  const set = [...values.values()].filter(
    ({ name, value }) => !same(value, keyValue(parsed, name)),
  );
  for (const name of [...removed, ...set.map((one) => one.name)]) {
    if (keyValue(parsed, name) !== undefined && !findPair(parsed.map, name))
      throw new Declined(`its ${name} comes from "<<"`);
  }
  return [
    ...removed.map((name) => ({ name, date: false })),
    ...set.map(({ name, value, dated }) => ({
      name,
      value: value as Json,
      date: dated && !isText(name) && !isQuoted(note, name) && looksLike(value, 'date'),
    })),
  ];
};

const rank = (name: string): number =>
  isSameKey(name, 'title') ? 0 : isSameKey(name, 'tags') ? 1 : 2;

const spokenOf = ({ normalise, order, rules }: Requests): readonly string[] => [
  ...(normalise ? ['title', 'tags'] : []),
  ...order,
  ...rules.required,
  ...[rules.types, rules.enums, rules.defaults].flatMap((table) => Object.keys(table)),
  ...[rules.status, rules.date, rules.slug].flatMap((rule) => rule?.key ?? []),
];

/** A date that was text in quotes stays text. */
const isQuoted = ({ parsed }: Note, name: string): boolean => {
  const value = findPair(parsed.map, name)?.value;
  return isScalar(value) && value.value !== '' && String(value.type).startsWith('QUOTE');
};

const source = (
  from: string,
  name: string,
  { path, body, firstCommit }: Note,
  { status }: DocRules,
): string | undefined => {
  if (from === 'file-name') return isSameKey(name, 'title') ? spokenName(path) : bareName(path);
  if (from === 'heading') {
    const heading = firstHeading(body);
    if (!heading || isTemplateHeading(heading)) throw new Declined(`no heading gives its ${name}`);
    return heading.text;
  }
  if (from === 'first-commit') {
    if (firstCommit === undefined)
      throw new Declined(`no date of a first commit gives its ${name}`);
    return firstCommit;
  }
  if (isSameKey(name, 'tags') || (status && isSameKey(name, status.key))) return undefined;
  throw new Declined(`no rule says which hashtag its ${name} is`);
};

const headline = ({ body, path }: Note): string => {
  const heading = firstHeading(body);
  if (heading?.level !== 1) return spokenName(path);
  if (isTemplateHeading(heading)) throw new Declined('only a template knows its heading');
  return heading.text;
};

/** A list's tags, or those between commas, and hashtags that are in no spelling among them. */
const allTags = ({ parsed, body }: Note, value: unknown): readonly Json[] => {
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

const statusOf = (
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

const isEqual = (current: unknown, value: Json): boolean =>
  typeof value === 'boolean'
    ? current === value
    : !isBlank(current) && typeof current !== 'object' && `${current}` === `${value}`;

/** What one sentence says of a key has to be so in the end. */
const holds = (name: string, said: Said, value: unknown, note: Note, rules: DocRules): void => {
  const { state, value: fixed, oneOf, shape, from } = said;
  const fail = (what: string): never => {
    throw new Declined(`its ${name} ${what}`);
  };
  if (state === 'present' && rank(name) === 1 && same(value, [])) fail('would be empty');
  if (fixed !== undefined && !isEqual(value, fixed)) fail(`would not be ${fixed}`);
  if (typeof shape === 'string' && !looksLike(value, shape)) fail(`would be no ${shape}`);
  if (Array.isArray(oneOf) && ![value].flat().every((item) => oneOf.some((one) => same(one, item))))
    fail(`would be none of ${oneOf.join(', ')}`);
  const wanted = from === undefined ? undefined : source(String(from), name, note, rules);
  const text = String(value);
  if (wanted !== undefined && text !== wanted && dayOf(text) !== wanted)
    fail(`would not be ${wanted}`);
};

const follows = (rules: DocRules, now: (name: string) => unknown): void => {
  for (const name of rules.required) {
    const value = now(name);
    if (isBlank(value) || (rank(name) === 1 && same(value, [])))
      throw new Declined(`it needs a ${name}, and nothing says which`);
  }
  for (const [name, shape] of Object.entries(rules.types)) {
    if (!isBlank(now(name)) && !looksLike(now(name), shape))
      throw new Declined(`its ${name} would be no ${shape}`);
  }
  for (const [name, allowed] of Object.entries(rules.enums)) {
    const items = isBlank(now(name)) ? [] : [now(name)].flat();
    if (!items.every((item) => allowed.some((one) => same(one, item))))
      throw new Declined(`its ${name} would not be on its list`);
  }
};
