// SPDX-License-Identifier: GPL-3.0-only
import { isScalar } from 'yaml';
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import {
  findPair,
  isSameKey,
  keyValue,
  type ParsedFrontmatter,
  spellingRefusal,
} from '../../../src/markdown/frontmatter.ts';
import { follows, holds, isEqual } from './checks.ts';
import { lead, tellsOf } from './lead.ts';
import { bareName, dayOf, isBlank, looksLike, rank, slugged } from './names.ts';
import { type Requests, spokenOf } from './requests.ts';
import { allTags, headline, type Note, source, statusOf } from './sources.ts';
import { same } from './written.ts';

/** What a key comes to: `value` absent where it goes, `date` where it stands without quotes as one. */
export type Result = { readonly name: string; readonly value?: Json; readonly date: boolean };

type Entry = { readonly name: string; readonly value: unknown; readonly dated: boolean };

/** The values of a note's keys while they are worked out, step by step. */
type Ledger = {
  readonly now: (name: string) => unknown;
  readonly put: (name: string, value: unknown, dated?: boolean) => void;
  readonly entries: () => readonly Entry[];
};

const openLedger = (parsed: ParsedFrontmatter): Ledger => {
  const entries = new Map<string, Entry>();
  return {
    now: (name) => entries.get(name.toLowerCase())?.value ?? keyValue(parsed, name),
    put: (name, value, dated = false) => {
      const first = entries.get(name.toLowerCase());
      entries.set(name.toLowerCase(), { name: first?.name ?? name, value, dated });
    },
    entries: () => [...entries.values()],
  };
};

type Key = Requests['keys'][number];

const isIn = (list: readonly Key[], name: string): boolean =>
  list.some((other) => isSameKey(other.name, name));

/** Works out every key that comes to another value. @throws Declined where nobody could know one */
export const workOut = (note: Note, requests: Requests): readonly Result[] => {
  const { parsed } = note;
  const { keys, rules } = requests;
  const spelled = spellingRefusal(parsed, [...keys.map(({ name }) => name), ...spokenOf(requests)]);
  if (spelled !== undefined) throw new Declined(`it ${spelled}`);
  const ledger = openLedger(parsed);
  const gone = keys.filter(({ said }) => said.state === 'absent');
  const kept = keys.filter(({ said }) => said.state === 'kept');
  const wanted = keys.filter(({ said }) => said.state !== 'absent' && said.state !== 'kept');
  takeAndFill(ledger, note, requests, wanted, kept);
  followRules(ledger, note, requests);
  setValues(ledger, wanted);
  refuseTorn(ledger, note, requests, gone, kept);
  for (const { name, said } of wanted) {
    if (isBlank(ledger.now(name))) throw new Declined(`nothing says what its ${name} is to be`);
    holds(name, said, ledger.now(name), note, rules);
  }
  follows(rules, ledger.now);
  return resultsOf(ledger, note, requests, gone);
};

/** What comes from the note's own text and name. */
const takeAndFill = (
  { now, put }: Ledger,
  note: Note,
  { normalise, rules }: Requests,
  wanted: readonly Key[],
  kept: readonly Key[],
): void => {
  const asks = (name: string): boolean => isIn(wanted, name) || (normalise && !isIn(kept, name));
  for (const { name, said } of wanted.toSorted((a, b) => rank(a.name) - rank(b.name))) {
    if (said.from === undefined || said.from === 'first-paragraph') continue;
    const current = now(name);
    const next = source(String(said.from), name, note, rules);
    if (next === undefined) continue;
    const text = current !== null && typeof current === 'object' ? '' : String(current);
    const dated = String(said.from).endsWith('-commit');
    const stays = dated ? (dayOf(text) ?? text) === next : text === next;
    if (!stays) put(name, next, dated);
  }
  for (const { name } of wanted) {
    const sayings = wanted.filter((key) => isSameKey(key.name, name)).map(({ said }) => said);
    if (tellsOf(name, sayings, rules) && isBlank(now(name))) put(name, lead(note, sayings, name));
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
};

/** What rules give a key that has no value. */
const followRules = ({ now, put }: Ledger, note: Note, { rules }: Requests): void => {
  const { date, status, slug, defaults } = rules;
  if (date && isBlank(now(date.key)))
    put(date.key, source('first-commit', date.key, note, rules), true);
  if (status && isBlank(now(status.key))) {
    const said = statusOf(status.from, note.body);
    if (said !== undefined) put(status.key, said);
  }
  if (slug && isBlank(now(slug.key))) {
    const title = now('title');
    const text = isBlank(title) ? headline(note) : String(title);
    put(slug.key, slugged(slug.from === 'title' ? text : bareName(note.path)));
  }
  for (const [name, value] of Object.entries(defaults))
    if (isBlank(now(name)) && !isBlank(value)) put(name, value, true);
};

/** What sentences give; a number in the place of text stays text. */
const setValues = ({ now, put }: Ledger, wanted: readonly Key[]): void => {
  for (const { name, said } of wanted) {
    const current = now(name);
    if (said.value === undefined || isEqual(current, said.value)) continue;
    const isText = isSameKey(name, 'title') || (typeof current === 'string' && !isBlank(current));
    put(name, isText && typeof said.value === 'number' ? String(said.value) : said.value, true);
  }
};

/** Sentences that cannot all be true. */
const refuseTorn = (
  { now, entries }: Ledger,
  note: Note,
  { keys, normalise, rules }: Requests,
  gone: readonly Key[],
  kept: readonly Key[],
): void => {
  for (const { name, said } of gone) {
    const others = keys.filter((key) => isSameKey(key.name, name) && key.said.state !== 'absent');
    if (others.length > 0 || Object.keys(said).length > 1 || (normalise && rank(name) < 2))
      throw new Declined(`its ${name} is to be there and to be removed`);
  }
  for (const { name, said } of kept) {
    const isPut = entries().some((entry) => isSameKey(entry.name, name));
    if (isPut && !same(now(name), keyValue(note.parsed, name)))
      throw new Declined(`its ${name} is to be kept and to be changed`);
    if (Object.keys(said).length > 1) holds(name, said, now(name), note, rules);
  }
};

const resultsOf = (
  { entries }: Ledger,
  { parsed }: Note,
  { keys, rules }: Requests,
  gone: readonly Key[],
): readonly Result[] => {
  const isText = (name: string): boolean =>
    isSameKey(name, 'title') ||
    Object.entries(rules.types).some(([key, shape]) => isSameKey(key, name) && shape === 'text') ||
    keys.some((one) => isSameKey(one.name, name) && one.said.shape === 'text');
  const removed = gone.filter(({ name }) => keyValue(parsed, name) !== undefined);
  const set = entries().filter(({ name, value }) => !same(value, keyValue(parsed, name)));
  for (const { name } of [...removed, ...set]) {
    if (keyValue(parsed, name) !== undefined && !findPair(parsed.map, name))
      throw new Declined(`its ${name} comes from "<<"`);
  }
  return [
    ...removed.map(({ name }) => ({ name, date: false })),
    ...set.map(({ name, value, dated }) => ({
      name,
      value: value as Json,
      date: dated && !isText(name) && !isQuoted(parsed, name) && looksLike(value, 'date'),
    })),
  ];
};

/** A date that was text in quotes stays text. */
const isQuoted = (parsed: ParsedFrontmatter, name: string): boolean => {
  const value = findPair(parsed.map, name)?.value;
  return isScalar(value) && value.value !== '' && String(value.type).startsWith('QUOTE');
};
