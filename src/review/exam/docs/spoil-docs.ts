// SPDX-License-Identifier: GPL-3.0-only
import type { ExamEdits } from '../exam-case.ts';
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
} from '../mutations.ts';
import type { Random } from '../seeded-random.ts';
import { pickNoun, titleWords } from '../seeded-words.ts';
import { type DocsDraft, licences, outsidePath } from './draft-docs.ts';
import { type HeadKey, spelledAs, spellingOf, writeNote } from './exam-notes.ts';

type Spoil = (draft: DocsDraft, random: Random) => ExamEdits | undefined;

/** The patch with another body, head or byte order mark. */
const rewrite = (
  { note, head, header }: DocsDraft,
  change: { body?: string; head?: readonly HeadKey[]; bom?: string; header?: string },
): ExamEdits => {
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
    key.key === 'tags'
      ? spelledAs({ key: 'tags', lines: [`tags: [${tags.join(', ')}]`] }, spellingOf(key))
      : key,
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
      const title = random.chance(0.5) ? `${note.title} ${pickNoun(random)}` : words;
      return title === note.title
        ? undefined
        : head.map((key) =>
            key.key === 'title'
              ? spelledAs(
                  { key: 'title', lines: [`title: ${JSON.stringify(title)}`] },
                  spellingOf(key),
                )
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
  'empty-tags': forFront(
    inHead((head, { note }) =>
      note.tags.length > 0 || head.some(({ key }) => key === 'tags')
        ? undefined
        : [...head, { key: 'tags', lines: ['tags: []'] }],
    ),
  ),
  'spelled-anew': forFront(
    inHead((head, { note }, random) => {
      const old = note.head?.filter(({ key }) => key === 'title' || key === 'tags') ?? [];
      const one = old.length > 0 ? random.pick(old) : undefined;
      return (
        one &&
        head.map((key) => (key.key === one.key ? spelledAs(key, one.key.toUpperCase()) : key))
      );
    }),
  ),
  'title-not-on-top': forFront(
    inHead((head, { note }) =>
      note.hasTitle || note.heading === undefined || note.heading === note.title
        ? undefined
        : head.map((key) =>
            key.key === 'title'
              ? { key: 'title', lines: [`title: ${JSON.stringify(note.heading)}`] }
              : key,
          ),
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
      head.map((key) =>
        key === old ? { ...key, lines: [`${key.key}: ${pickNoun(random)}x`] } : key,
      )
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
    draft.note.path === outsidePath
      ? undefined
      : new Map([...draft.good.edits, [outsidePath, '# Read me\n\nSee the notes.\n']]),
  'removed-file': (draft) => new Map([[draft.note.path, undefined]]),
};
