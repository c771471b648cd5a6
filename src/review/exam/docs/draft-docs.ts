// SPDX-License-Identifier: GPL-3.0-only
import { normaliseSpec } from '../../../spec/schema.ts';
import type { ExamCase, ExamEdits, ExamFiles } from '../exam-case.ts';
import type { Random } from '../seeded-random.ts';
import {
  type ExamNote,
  type HeadKey,
  spelledAs,
  spellingOf,
  tagLines,
  writeNote,
} from './exam-notes.ts';

/** A good docs patch together with what it was made from, for mutations that know their way about. */
export type DocsDraft = {
  readonly note: ExamNote;
  /** Head of the good patch; for a header chore that of the note. */
  readonly head: readonly HeadKey[] | undefined;
  readonly header: string;
  /** Which of title and tags the sentences let change. */
  readonly keys: readonly string[];
  readonly good: ExamCase;
};

const frontSentences: readonly (readonly string[])[] = [
  ['Every note has normalised frontmatter'],
  ['All *.md files have normalised frontmatter', 'The body of every note is unchanged'],
  ['Normalise the frontmatter', 'Nothing else changes'],
];

const fromHeading = 'The title of every note is taken from its first heading';

const hasTags = ({ tags }: ExamNote): boolean => tags.length > 0;

/** Sentences that ask for some keys alone, and those they let change; `of` a note they can be done to. */
const narrow: readonly {
  readonly acceptance: readonly string[];
  readonly keys: readonly string[];
  readonly of?: (note: ExamNote) => boolean;
}[] = [
  { acceptance: ['Every note has a title', 'Nothing else changes'], keys: ['title'] },
  {
    acceptance: ['Every note has a title', 'The tags of every note are kept'],
    keys: ['title'],
  },
  { acceptance: ['Every note has tags', 'Nothing else changes'], keys: ['tags'], of: hasTags },
  {
    acceptance: ['Normalise the frontmatter', 'The tags of every note are kept'],
    keys: ['title'],
  },
  {
    acceptance: [fromHeading],
    keys: ['title'],
    of: ({ heading }) => heading !== undefined,
  },
  { acceptance: ['Every note has a title and tags'], keys: ['title', 'tags'], of: hasTags },
];

/** Sentences that ask for a licence header, with the licence and a wrong one. */
export const licences = [
  { sentence: 'All *.md have GPL header', id: 'GPL-3.0-only', other: 'MIT' },
  { sentence: 'All *.md files have an MIT licence header', id: 'MIT', other: 'Apache-2.0' },
  { sentence: 'Every note has a GPL header', id: 'GPL-3.0-or-later', other: 'LGPL-3.0-only' },
];

const both: readonly string[] = ['title', 'tags'];

/** A file that no docs patch of an exam may touch. */
export const outsidePath = 'README.md';

/** A good patch of one note: frontmatter three times of four, else a header. */
export const draftDocs = (note: ExamNote, random: Random, id: string): DocsDraft => {
  const isHeader = random.chance(0.25);
  const chore = isHeader ? random.pick(licences) : undefined;
  const few =
    chore === undefined && random.chance(0.3)
      ? random.pick(narrow.filter(({ of = () => true }) => of(note)))
      : undefined;
  const acceptance = chore ? [chore.sentence] : (few?.acceptance ?? random.pick(frontSentences));
  const taken = acceptance.includes(fromHeading) ? note.heading : undefined;
  const whole = tidyHead(note, random, taken);
  const head = chore ? note.head : few ? onlyKeys(note, whole, few.keys) : whole;
  const header = chore ? `<!-- SPDX-License-Identifier: ${chore.id} -->${note.eol}` : '';
  const gap = chore && random.chance(0.5) ? note.eol : '';
  const folder = note.path.includes('/') ? note.path.split('/').slice(0, -1).join('/') : undefined;
  const scope = folder === undefined ? note.path : `${folder}/`;
  const spec = normaliseSpec({ title: 'Exam', scope, acceptance: [...acceptance] }, 'exam');
  const base: ExamFiles = new Map([
    [note.path, writeNote(note, note.head)],
    ...(note.path === outsidePath ? [] : [[outsidePath, `# Read me\n\n${note.title}\n`] as const]),
  ]);
  const edits: ExamEdits = new Map([
    [note.path, writeNote({ ...note, body: header + gap + note.body }, head)],
  ]);
  const good: ExamCase = {
    id,
    kind: 'docs',
    truth: 'good',
    way: chore
      ? 'header'
      : few
        ? `only ${few.keys.join(' and ')}`
        : note.head
          ? 'half frontmatter'
          : 'no frontmatter',
    spec,
    unit: { id: 'exam', kind: 'file', paths: [note.path] },
    base,
    edits,
  };
  return { note, head, header: header + gap, keys: chore ? [] : (few?.keys ?? both), good };
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
