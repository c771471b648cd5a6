// SPDX-License-Identifier: GPL-3.0-only
import { Declined } from '../../../src/chore/script.ts';
import type { Json } from '../../../src/data/digest.ts';
import type { CommitDays } from '../../../src/markdown/commit-days.ts';
import { type Asked, asksFor, type KeyAsk } from './asked.ts';
import { descriptionIn } from './description.ts';
import { entryOf, type Front, fieldOf, isEmpty, isSameKey, sameValue } from './front.ts';
import { topHeading } from './headings.ts';
import {
  givesDates,
  hasDefault,
  isAllowed,
  isOneOf,
  isRequired,
  isStatus,
  shapeOf,
  valueByRules,
} from './rules.ts';
import { hasShape, slugFrom } from './shapes.ts';
import { stemOf, tagsOf, titleOf, wordsOfName } from './title-and-tags.ts';

/** A note as it was, and what is known of it beside its text. */
export type NoteBefore = {
  readonly path: string;
  readonly old: Front;
  readonly days: CommitDays;
};

/** What is to become of a key; `bare`: a date that stands without quotes. */
export type Wanted =
  | { readonly is: 'same' }
  | { readonly is: 'gone' }
  | { readonly is: 'value'; readonly value: Json; readonly bare: boolean };

/** @throws Declined where the note has to be left alone */
export const wantedOf = (key: string, asked: Asked, note: NoteBefore): Wanted => {
  const { old } = note;
  const asks = asksFor(asked, key);
  const was = fieldOf(old, key);
  const isMerged = was !== undefined && !entryOf(old, key);
  if (asks.some(({ state }) => state === 'absent')) {
    if (asks.some((ask) => ask.state !== 'absent' || saysMore(ask)) || isByDefault(asked, key))
      throw new Declined(`the key "${key}" is to be there and to be gone`);
    if (isMerged) throw new Declined(`the key "${key}" is merged in by "<<"`);
    return { is: entryOf(old, key) ? 'gone' : 'same' };
  }
  const value = asks.some(({ state }) => state === 'kept') ? was : valueFor(key, asked, note);
  const wrong = findWrong(key, value, asked, note);
  if (wrong !== undefined) throw new Declined(`the key "${key}" ${wrong}`);
  if (sameValue(value, was)) return { is: 'same' };
  if (isMerged) throw new Declined(`the key "${key}" is merged in by "<<"`);
  return { is: 'value', value: value as Json, bare: isBare(key, value, asked, note) };
};

const saysMore = ({ key: _, state: __, ...more }: KeyAsk): boolean => Object.keys(more).length > 0;

const isTitle = (key: string): boolean => isSameKey(key, 'title');
const isTags = (key: string): boolean => isSameKey(key, 'tags');

/** Whether the key belongs to every normalised note. */
const isByDefault = ({ whole }: Asked, key: string): boolean =>
  whole && (isTitle(key) || isTags(key));

/** The value that a key is to have; that it had, where nothing says another. */
const valueFor = (key: string, asked: Asked, note: NoteBefore): unknown => {
  const { path, old, days } = note;
  const asks = asksFor(asked, key);
  const spokenOf = asks.length > 0 || isByDefault(asked, key);
  let value = fieldOf(old, key);
  if (isTitle(key) && spokenOf && value !== null && typeof value === 'object')
    throw new Declined('its title is not text');
  for (const { from } of asks) value = from ? taken(key, from, value, asked, note) : value;
  if (isTitle(key) && spokenOf && isEmpty(value)) value = titleOf(path, old);
  if (isTags(key) && spokenOf) value = tagsOf(old) ?? value;
  if (isDescribed(key, asked) && isEmpty(value)) value = descriptionIn(old.body, asks);
  if (isEmpty(value)) {
    const slug = (from: unknown) =>
      slugFrom(from === 'title' ? titleNow(asked, note) : stemOf(path));
    value = valueByRules(asked.rules, key, { body: old.body, day: days.first, slug }) ?? value;
  }
  for (const { value: fixed } of asks)
    value = fixed === undefined ? value : equalTo(fixed, value, key);
  return value;
};

/** From the first paragraph where a sentence says so, and a description where none says anything else. */
const isDescribed = (key: string, asked: Asked): boolean => {
  const asks = asksFor(asked, key);
  const isOpen =
    isSameKey(key, 'description') &&
    asks.some((ask) => ask.state === 'present' || 'minLength' in ask || 'maxLength' in ask) &&
    !hasDefault(asked.rules, key);
  const saysWhich = asks.some((ask) =>
    ['value', 'oneOf', 'shape', 'from'].some((name) => name in ask),
  );
  return asks.some(({ from }) => from === 'first-paragraph') || (isOpen && !saysWhich);
};

const titleNow = (asked: Asked, note: NoteBefore): string => {
  const title = fieldOf(note.old, 'title');
  const isAsked = isByDefault(asked, 'title') || asksFor(asked, 'title').length > 0;
  const now = isAsked ? valueFor('title', asked, note) : title;
  return isEmpty(now) ? titleOf(note.path, note.old) : String(now);
};

/** From where a sentence says; a value that says the same in another form stays. */
const taken = (
  key: string,
  from: NonNullable<KeyAsk['from']>,
  value: unknown,
  { rules }: Asked,
  { path, old, days }: NoteBefore,
): unknown => {
  if (from === 'first-paragraph') return value;
  if (from === 'hashtags') {
    if (isTags(key) || isStatus(rules, key)) return value;
    throw new Declined(`nothing says which hashtag the key "${key}" is`);
  }
  const sources = {
    heading: () => topHeading(old.body)?.text,
    'file-name': () => (isTitle(key) ? wordsOfName(path) : stemOf(path)),
    'first-commit': () => days.first,
    'last-commit': () => days.last,
  };
  const source = sources[from]();
  if (source === undefined) throw new Declined(`it has no ${from} for the key "${key}"`);
  const said = typeof value === 'object' ? '' : String(value);
  const same = from.endsWith('-commit') && hasShape(said, 'date') ? said.slice(0, 10) : said;
  return same === source ? value : source;
};

/** Only a truth value has to be one and no text; a number in the place of text stays text. */
const equalTo = (fixed: string | number | boolean, value: unknown, key: string): unknown => {
  if (typeof fixed === 'boolean') return fixed;
  if (!isEmpty(value) && typeof value !== 'object' && String(value) === String(fixed)) return value;
  const asText = isTitle(key) || (typeof value === 'string' && value.trim() !== '');
  return asText ? String(fixed) : fixed;
};

/** What a sentence or rule says of a key and the value is not. */
const findWrong = (
  key: string,
  value: unknown,
  asked: Asked,
  note: NoteBefore,
): string | undefined => {
  const { rules } = asked;
  const asks = asksFor(asked, key).filter((ask) => ask.state !== 'kept' || saysMore(ask));
  const required = isRequired(rules, key);
  const listed = required || asks.some(({ state }) => state === 'present');
  if ((required || asks.length > 0) && isEmpty(value))
    return 'has no value, and nothing says which';
  if (isTags(key) && listed && sameValue(value, [])) return 'lists no tags, and there are none';
  if (isEmpty(value)) return undefined;
  const shapes = [shapeOf(rules, key), ...asks.map(({ shape }) => shape)];
  const wrongShape = shapes.find((shape) => shape !== undefined && !hasShape(value, shape));
  if (wrongShape !== undefined) return `is not a ${wrongShape}`;
  if (!isAllowed(rules, key, value)) return 'has a value that is not in its list';
  for (const { oneOf, value: fixed, from, minLength, maxLength } of asks) {
    if (oneOf && !isOneOf(value, oneOf)) return `is not one of ${oneOf.join(', ')}`;
    if (fixed !== undefined && !sameValue(equalTo(fixed, value, key), value))
      return `is not ${fixed}`;
    const length = typeof value === 'string' ? Array.from(value).length : 0;
    if (maxLength !== undefined && length > maxLength)
      return `is longer than ${maxLength} characters`;
    if (minLength !== undefined && length < minLength)
      return `is shorter than ${minLength} characters`;
    if (from && !sameValue(taken(key, from, value, asked, note), value))
      return `is not taken from the ${from}`;
  }
  return undefined;
};

/** A date that a sentence or rule gives stands without quotes, but where text stood in its place. */
const isBare = (key: string, value: unknown, asked: Asked, { old }: NoteBefore): boolean => {
  const asks = asksFor(asked, key);
  const isText =
    isTitle(key) || [shapeOf(asked.rules, key), ...asks.map(({ shape }) => shape)].includes('text');
  const isGiven =
    asks.some(({ from, value: fixed }) => from?.endsWith('-commit') || fixed !== undefined) ||
    givesDates(asked.rules, key);
  const quoted = /^[^:]*:\s+(?:"[^"]+"|'[^']+')/.test(entryOf(old, key)?.source ?? '');
  return !isText && isGiven && !quoted && typeof value === 'string' && hasShape(value, 'date');
};
