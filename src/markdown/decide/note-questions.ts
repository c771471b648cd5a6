// SPDX-License-Identifier: GPL-3.0-only
import type { Choice, Question } from '../../chore/decide/decision.ts';
import type { Json } from '../../data/digest.ts';
import { isRefused, type Refused } from '../decode-markdown.ts';
import type { Demands } from '../demands.ts';
import {
  keyValue,
  type ParsedFrontmatter,
  parseFrontmatter,
  splitFrontmatter,
} from '../frontmatter.ts';
import { hashtagsOf } from '../hashtags.ts';
import { firstHeading } from '../headings.ts';
import { lengthsOf, type NoteFile, statusesOf } from '../normalise-note.ts';
import { noteTags } from '../note-tags.ts';
import { firstHeadingText, nameInWords } from '../note-title.ts';
import { descriptionOf } from '../paragraph/note-description.ts';
import { isEmpty } from '../rules.ts';
import { sameValue } from '../yaml-value.ts';

/**
 * What demands leave to be decided in a note: its title, tags, description and status, each with the values
 * that the note itself has for it. All else (types, order, dates, slugs) follows.
 */
export const noteQuestions = (
  { text, path }: NoteFile,
  demands: Demands,
): readonly Question[] | Refused => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  const questions: readonly (readonly [string | undefined, (key: string) => Offer])[] = [
    [demands.title ? 'title' : undefined, (key) => titlesFor(key, split.body, path, demands)],
    [
      demands.tags ? 'tags' : undefined,
      (key) => tagsFor(parsed, keyValue(parsed, key), split.body),
    ],
    [
      demands.filled.find(([, from]) => from === 'first-paragraph')?.[0],
      (key) => ({ 'first paragraph': descriptionOf(split.body, lengthsOf(demands, key), key) }),
    ],
    [
      demands.status?.key,
      () => Object.fromEntries(statusesOf(split.body, demands).map((name) => [name, name])),
    ],
  ];
  return questions.flatMap(([name, offer]) => {
    const candidates = name === undefined ? [] : candidatesOf(name, offer(name), parsed);
    // A status that neither stands nor is among the hashtags stays absent.
    return name === undefined || candidates.length === 0 ? [] : [{ name, candidates }];
  });
};

/** Values by where they come from; what the note does not have is left out. */
type Offer = Readonly<Record<string, Json | Refused | undefined>>;

/** A heading below the first level is no title, unless a sentence asks for the first one. */
const titlesFor = (key: string, body: string, path: string, { taken }: Demands): Offer => {
  const isAsked = taken.some(([name, from]) => name === key && from === 'heading');
  const heading = isAsked || firstHeading(body)?.level === 1;
  return {
    ...(heading && { heading: firstHeadingText(body, key) }),
    'file name': nameInWords(path),
  };
};

const tagsFor = (parsed: ParsedFrontmatter, current: unknown, body: string): Offer => ({
  'kept, sorted': noteTags(parsed, current, ''),
  'with hashtags': noteTags(parsed, current, body),
  'hashtags only': hashtagsOf(body).length > 0 ? [...hashtagsOf(body)] : undefined,
});

/**
 * The value that stands goes first; where none does, nothing is offered for tags alone: whatever else is asked
 * about must hold something. Of two that say the same the first is offered.
 */
const candidatesOf = (key: string, offer: Offer, parsed: ParsedFrontmatter): readonly Choice[] => {
  const current = keyValue(parsed, key);
  const values: unknown[] = [current];
  const stands: readonly Choice[] = isEmpty(current)
    ? [{ name: 'nothing' }].filter(() => key === 'tags')
    : [{ name: 'kept' }];
  const others = Object.entries(offer).flatMap(([name, value]): readonly Choice[] => {
    if (value === undefined || value === null || isRefusal(value)) return [];
    if (values.some((other) => sameValue(other, value))) return [];
    values.push(value);
    return [{ name, value }];
  });
  return [...stands, ...others];
};

const isRefusal = (value: Json | Refused): value is Refused =>
  value !== null && typeof value === 'object' && isRefused(value as object);

/** What was picked, by the key that it is for. */
export const chosenOf = (
  questions: readonly Question[],
  picks: readonly Choice[],
): ReadonlyMap<string, Json | undefined> =>
  new Map(questions.map(({ name }, index) => [name, picks[index]?.value]));
