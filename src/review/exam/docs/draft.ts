// SPDX-License-Identifier: GPL-3.0-only
import { normaliseSpec } from '../../../spec/schema.ts';
import type { Edits, ExamCase, Files } from '../case.ts';
import {
  addLine,
  changeLineEnds,
  changeNumber,
  changeWord,
  dropLine,
  type Mutation,
  repeatLine,
  swapLines,
  trimSpace,
} from '../mutate.ts';
import type { Random } from '../random.ts';
import { noun, titleWords } from '../words.ts';
import { type HeadKey, type Note, tagLines, writeNote } from './notes.ts';

/** A good docs patch together with what it was made from, for mutations that know their way about. */
export type DocsDraft = {
  readonly note: Note;
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

/** Sentences that ask for some keys alone, and those they let change. */
const narrow: readonly {
  readonly acceptance: readonly string[];
  readonly keys: readonly string[];
}[] = [
  { acceptance: ['Every note has a title', 'Nothing else changes'], keys: ['title'] },
  {
    acceptance: ['Every note has a title', 'The tags of every note are kept'],
    keys: ['title'],
  },
  { acceptance: ['Every note has tags', 'Nothing else changes'], keys: ['tags'] },
  {
    acceptance: ['Normalise the frontmatter', 'The tags of every note are kept'],
    keys: ['title'],
  },
  {
    acceptance: ['The title of every note is taken from its first heading'],
    keys: ['title'],
  },
  { acceptance: ['Every note has a title and tags'], keys: ['title', 'tags'] },
];

const licences = [
  { sentence: 'All *.md have GPL header', id: 'GPL-3.0-only', other: 'MIT' },
  { sentence: 'All *.md files have an MIT licence header', id: 'MIT', other: 'Apache-2.0' },
  { sentence: 'Every note has a GPL header', id: 'GPL-3.0-or-later', other: 'LGPL-3.0-only' },
];

const both: readonly string[] = ['title', 'tags'];

const outside = 'README.md';

/** A good patch of one note: frontmatter three times of four, else a header. */
export const draftDocs = (note: Note, random: Random, id: string): DocsDraft => {
  const isHeader = random.chance(0.25);
  const chore = isHeader ? random.pick(licences) : undefined;
  const few = chore === undefined && random.chance(0.3) ? random.pick(narrow) : undefined;
  const acceptance = chore ? [chore.sentence] : (few?.acceptance ?? random.pick(frontSentences));
  const whole = tidyHead(note, random, few !== undefined);
  const head = chore ? note.head : few ? onlyKeys(note, whole, few.keys) : whole;
  const header = chore ? `<!-- SPDX-License-Identifier: ${chore.id} -->${note.eol}` : '';
  const gap = chore && random.chance(0.5) ? note.eol : '';
  const folder = note.path.includes('/') ? note.path.split('/').slice(0, -1).join('/') : undefined;
  const scope = folder === undefined ? note.path : `${folder}/`;
  const spec = normaliseSpec({ title: 'Exam', scope, acceptance: [...acceptance] }, 'exam');
  const base: Files = new Map([
    [note.path, writeNote(note, note.head)],
    ...(note.path === outside ? [] : [[outside, `# Read me\n\n${note.title}\n`] as const]),
  ]);
  const edits: Edits = new Map([
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
const tidyHead = (note: Note, random: Random, named: boolean): readonly HeadKey[] => {
  const quoted = JSON.stringify(note.title);
  const plain = /^[A-Z][a-z]+(?: [A-Z][a-z]+)+$/.test(note.title) && random.chance(0.5);
  const title: HeadKey = { key: 'title', lines: [`title: ${plain ? note.title : quoted}`] };
  const tags: HeadKey = { key: 'tags', lines: tagLines(random, note.tags) };
  const old = note.head ?? [];
  const without = note.tags.length === 0 && !named;
  const kept = old.map((key) => (key.key === 'tags' ? tags : key));
  const withTags = without || old.some(({ key }) => key === 'tags') ? kept : [...kept, tags];
  if (note.hasTitle) return withTags;
  return random.chance(0.7) ? [title, ...withTags] : [...withTags, title];
};

/** Of a tidy head the given keys; title and tags otherwise as they were. */
const onlyKeys = (
  note: Note,
  tidy: readonly HeadKey[],
  keys: readonly string[],
): readonly HeadKey[] | undefined => {
  const left = tidy.flatMap((key) => {
    if (!both.includes(key.key) || keys.includes(key.key)) return [key];
    return note.head?.find((old) => old.key === key.key) ?? [];
  });
  return left.length > 0 ? left : note.head;
};

type Spoil = (draft: DocsDraft, random: Random) => Edits | undefined;

/** The patch with another body, head or byte order mark. */
const rewrite = (
  { note, head, header }: DocsDraft,
  change: { body?: string; head?: readonly HeadKey[]; bom?: string; header?: string },
): Edits => {
  const body = (change.header ?? header) + (change.body ?? note.body);
  const bom = change.bom ?? note.bom;
  return new Map([[note.path, writeNote({ ...note, bom, body }, change.head ?? head)]]);
};

const inBody =
  (mutation: Mutation): Spoil =>
  (draft, random) => {
    const body = mutation(draft.note.body, random);
    return body === undefined ? undefined : rewrite(draft, { body });
  };

/** Another head; nothing where the key is missing. A header chore must leave the head alone. */
const inHead =
  (
    change: (
      head: readonly HeadKey[],
      draft: DocsDraft,
      random: Random,
    ) => readonly HeadKey[] | undefined,
  ): Spoil =>
  (draft, random) => {
    const head = draft.head && change(draft.head, draft, random);
    return head && rewrite(draft, { head });
  };

const others = (head: readonly HeadKey[]): readonly HeadKey[] =>
  head.filter(({ key }) => key !== 'title' && key !== 'tags' && key !== '#');

const withTags = (tags: readonly string[]) => (head: readonly HeadKey[]) =>
  head.map((key) =>
    key.key === 'tags' ? { key: 'tags', lines: [`tags: [${tags.join(', ')}]`] } : key,
  );

const forFront =
  (spoil: Spoil): Spoil =>
  (draft, random) =>
    draft.header === '' ? spoil(draft, random) : undefined;

const forHeader =
  (spoil: Spoil): Spoil =>
  (draft, random) =>
    draft.header === '' ? undefined : spoil(draft, random);

/** Ways to spoil a docs patch, by name. */
export const docsSpoils: Readonly<Record<string, Spoil>> = {
  'drop-line': inBody(dropLine),
  'repeat-line': inBody(repeatLine),
  'swap-lines': inBody(swapLines),
  'change-word': inBody(changeWord),
  'change-number': inBody(changeNumber),
  'change-line-ends': inBody(changeLineEnds),
  'trim-space': inBody(trimSpace),
  'add-line': inBody(addLine('Edited by the night shift.')),
  'lose-bom': (draft) => (draft.note.bom ? rewrite(draft, { bom: '' }) : undefined),
  'wrong-title': forFront(
    inHead((head, { note }, random) => {
      const words = titleWords(random).join(' ');
      const title = random.chance(0.5) ? `${note.title} ${noun(random)}` : words;
      return title === note.title
        ? undefined
        : head.map((key) =>
            key.key === 'title'
              ? { key: 'title', lines: [`title: ${JSON.stringify(title)}`] }
              : key,
          );
    }),
  ),
  'lose-title': forFront(inHead((head) => head.filter(({ key }) => key !== 'title'))),
  'lose-tag': forFront(
    inHead((head, { note }, random) =>
      note.tags.length < 1
        ? undefined
        : withTags(
            note.tags
              .filter((tag) => tag !== random.pick(note.tags))
              .slice(0, note.tags.length - 1),
          )(head),
    ),
  ),
  'invent-tag': forFront(
    inHead((head, { note }) =>
      note.tags.length === 0 ? undefined : withTags([...note.tags, 'zzz-invented'].sort())(head),
    ),
  ),
  'unsorted-tags': forFront(
    inHead((head, { note }) =>
      note.tags.length < 2 ? undefined : withTags([...note.tags].reverse())(head),
    ),
  ),
  'tags-unasked': forFront(
    inHead((head, { note, keys }) => {
      const tags: HeadKey = { key: 'tags', lines: [`tags: [${note.tags.join(', ')}]`] };
      if (keys.includes('tags') || note.tags.length === 0) return undefined;
      return head.some(({ key }) => key === 'tags')
        ? head.map((key) => (key.key === 'tags' ? tags : key))
        : [...head, tags];
    }),
  ),
  'title-unasked': forFront(
    inHead((head, { note, keys }) =>
      keys.includes('title') || note.hasTitle
        ? undefined
        : [{ key: 'title', lines: [`title: ${JSON.stringify(note.title)}`] }, ...head],
    ),
  ),
  'lose-key': inHead((head, _, random) => {
    const gone = others(head).length > 0 ? random.pick(others(head)) : undefined;
    return gone && head.filter((key) => key !== gone);
  }),
  'change-value': inHead((head, _, random) => {
    const old = others(head).length > 0 ? random.pick(others(head)) : undefined;
    return (
      old &&
      head.map((key) => (key === old ? { ...key, lines: [`${key.key}: ${noun(random)}x`] } : key))
    );
  }),
  'add-key': inHead((head) =>
    head.some(({ key }) => key === 'status')
      ? undefined
      : [...head, { key: 'status', lines: ['status: done'] }],
  ),
  'lose-comment': inHead((head) =>
    head.some(({ key }) => key === '#') ? head.filter(({ key }) => key !== '#') : undefined,
  ),
  'unclosed-frontmatter': forFront((draft) => {
    const [[path = '', text = ''] = []] = rewrite(draft, {});
    const fence = `${draft.note.eol}---${draft.note.eol}`;
    return text.includes(fence)
      ? new Map([[path, text.replace(fence, draft.note.eol)]])
      : undefined;
  }),
  'wrong-licence': forHeader((draft) => {
    const chore = licences.find(({ id }) => draft.header.includes(` ${id} `));
    return chore && rewrite(draft, { header: draft.header.replace(chore.id, chore.other) });
  }),
  'header-below': forHeader((draft) =>
    rewrite(draft, { header: '', body: `${draft.note.body}${draft.note.eol}${draft.header}` }),
  ),
  'out-of-scope': (draft) =>
    draft.note.path === outside
      ? undefined
      : new Map([...draft.good.edits, [outside, '# Read me\n\nSee the notes.\n']]),
  'removed-file': (draft) => new Map([[draft.note.path, undefined]]),
};
