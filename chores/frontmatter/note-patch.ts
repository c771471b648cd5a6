// SPDX-License-Identifier: GPL-3.0-only
import {
  type ExamNote,
  type HeadKey,
  spelledAs,
  spellingOf,
  tagLines,
  writeNote,
} from '../../src/review/exam/docs/exam-notes.ts';
import type { Draft, Material } from '../../src/review/exam/draft.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { wrongHeads } from './wrong-heads.ts';

/** A sentence or several, and which of title and tags they let change; `of` a note they can be done to. */
export type Asking = {
  readonly way: string;
  readonly acceptance: readonly string[];
  readonly keys: readonly string[];
  /** The title is that of the heading, whatever the frontmatter says. */
  readonly fromHeading?: true;
  readonly of?: (note: ExamNote) => boolean;
};

/** Whether a note has tags. */
export const hasTags = ({ tags }: ExamNote): boolean => tags.length > 0;

const both: readonly string[] = ['title', 'tags'];

/** A note's frontmatter as asked, and wrong in every way there is. */
export const notePatch = (
  { note }: Extract<Material, { readonly is: 'note' }>,
  { way, acceptance, keys, fromHeading }: Asking,
  random: Random,
): Draft => {
  const whole = tidyHead(note, random, fromHeading && note.heading);
  const head = keys.length === both.length ? whole : onlyKeys(note, whole, keys);
  const write = (other: readonly HeadKey[] | undefined) =>
    new Map([[note.path, writeNote(note, other)]]);
  const set = keys.filter((key) => whole.some((one) => one.key === key));
  return {
    way,
    acceptance,
    notes: `set ${set.join(', ')}`,
    edits: write(head),
    wrong: Object.fromEntries(
      Object.entries(wrongHeads).map(([name, change]) => {
        const other = head && change(head, { note, keys }, random);
        return [name, other && write(other)];
      }),
    ),
  };
};

/** The note's head with title and tags as they ought to be, every other line as it was. */
const tidyHead = (note: ExamNote, random: Random, taken?: string): readonly HeadKey[] => {
  const text = taken ?? note.title;
  const plain = /^[A-Z][a-z]+(?: [A-Z][a-z]+)+$/.test(text) && random.chance(0.5);
  const title: HeadKey = { key: 'title', lines: [`title: ${plain ? text : JSON.stringify(text)}`] };
  const tags: HeadKey = { key: 'tags', lines: tagLines(random, note.tags) };
  const changed = [...(taken === undefined ? [] : [title]), ...(hasTags(note) ? [tags] : [])];
  const old = note.head ?? [];
  const kept = old.map((key) => {
    const other = changed.find((one) => one.key === key.key);
    return other && !saysSame(other, key) ? spelledAs(other, spellingOf(key)) : key;
  });
  const withTags = !hasTags(note) || old.some(({ key }) => key === 'tags') ? kept : [...kept, tags];
  if (note.hasTitle) return withTags;
  return random.chance(0.7) ? [title, ...withTags] : [...withTags, title];
};

/** Whether two keys have the same value, however it is written: then the old lines stay. */
const saysSame = (a: HeadKey, b: HeadKey): boolean => wordsIn(a) === wordsIn(b);

const wordsIn = ({ lines }: HeadKey): string =>
  lines
    .join(' ')
    .replace(/^[^:]*:/, '')
    .split(/[\s,[\]"]+/)
    .filter((word) => word !== '' && word !== '-')
    .join(' ');

/** Of a tidy head the given keys; title and tags otherwise as they were. */
const onlyKeys = (
  note: ExamNote,
  tidy: readonly HeadKey[],
  keys: readonly string[],
): readonly HeadKey[] | undefined => {
  const left = tidy.flatMap((key) => {
    if (!both.includes(key.key) || keys.includes(key.key)) return [key];
    return note.head?.find((old) => old.key === key.key) ?? [];
  });
  return left.length > 0 ? left : note.head;
};
