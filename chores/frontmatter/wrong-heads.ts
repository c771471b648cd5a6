// SPDX-License-Identifier: GPL-3.0-only
import {
  type ExamNote,
  type HeadKey,
  spelledAs,
  spellingOf,
} from '../../src/review/exam/docs/exam-notes.ts';
import type { Random } from '../../src/review/exam/seeded-random.ts';
import { pickNoun, titleWords } from '../../src/review/exam/seeded-words.ts';

type Head = readonly HeadKey[];
type Asked = { readonly note: ExamNote; readonly keys: readonly string[] };
type Change = (head: Head, asked: Asked, random: Random) => Head | undefined;

/** One key written otherwise, under the name it has. */
const withKey = (head: Head, name: string, lines: readonly string[]): Head | undefined =>
  head.some(({ key }) => key === name)
    ? head.map((key) => (key.key === name ? spelledAs({ key: name, lines }, spellingOf(key)) : key))
    : undefined;

const withTitle = (head: Head, title: string): Head | undefined =>
  withKey(head, 'title', [`title: ${JSON.stringify(title)}`]);

const withTags = (head: Head, tags: readonly string[]): Head | undefined =>
  withKey(head, 'tags', [`tags: [${tags.join(', ')}]`]);

/** A tag or an anchor before the value of a key that the patch writes. */
const withMark = (head: Head, name: string, mark: string): Head | undefined => {
  const line = head.find(({ key }) => key === name)?.lines;
  return line?.length === 1
    ? withKey(head, name, [(line[0] ?? '').replace(/:/, `: ${mark}`)])
    : undefined;
};

/** Ways to get title and tags wrong, by name. */
export const wrongHeads: Readonly<Record<string, Change>> = {
  'wrong-title': (head, { note }, random) => {
    const words = titleWords(random).join(' ');
    const title = random.chance(0.5) ? `${note.title} ${pickNoun(random)}` : words;
    return title === note.title ? undefined : withTitle(head, title);
  },
  'lose-title': (head) => head.filter(({ key }) => key !== 'title'),
  'lose-tag': (head, { note: { tags } }, random) => {
    const lost = tags.length > 0 ? random.pick(tags) : undefined;
    return lost === undefined
      ? undefined
      : withTags(
          head,
          tags.filter((tag) => tag !== lost),
        );
  },
  'invent-tag': (head, { note: { tags } }) =>
    tags.length === 0 ? undefined : withTags(head, [...tags, 'zzz-invented'].sort()),
  'unsorted-tags': (head, { note: { tags } }) =>
    tags.length < 2 ? undefined : withTags(head, tags.toReversed()),
  'repeated-tag': (head, { note: { tags } }) =>
    tags.length === 0 ? undefined : withTags(head, [tags[0] ?? '', ...tags]),
  'empty-tags': (head, { note }) =>
    note.tags.length > 0 || head.some(({ key }) => key === 'tags')
      ? undefined
      : [...head, { key: 'tags', lines: ['tags: []'] }],
  'title-with-tag': (head, _, random) =>
    withMark(
      head,
      'title',
      random.pick(['!!python/object/apply:os.system', '!ruby/object:Gem', '!!str']),
    ),
  'tags-with-tag': (head) => withMark(head, 'tags', '!!python/object/apply:os.system'),
  'title-with-anchor': (head) => withMark(head, 'title', '&title'),
  'title-with-comment': (head, { note }) =>
    withKey(head, 'title', [`title: ${JSON.stringify(note.title)} # checked`]),
  'hidden-character': (head, { note: { title } }, random) =>
    withTitle(head, `${title}${random.pick(['\u200B', '\u202E', '\u00AD'])}`),
  'title-as-list': (head, { note }) => withKey(head, 'title', [`title: [${note.title}]`]),
  'tags-as-text': (head, { note: { tags } }) =>
    tags.length < 2 ? undefined : withKey(head, 'tags', [`tags: ${tags.join(', ')}`]),
  'title-twice': (head) => {
    const title = head.find(({ key }) => key === 'title');
    return title && [...head, title];
  },
  'spelled-anew': (head, { note }, random) => {
    const old = note.head?.filter(({ key }) => key === 'title' || key === 'tags') ?? [];
    const one = old.length > 0 ? random.pick(old) : undefined;
    return (
      one && head.map((key) => (key.key === one.key ? spelledAs(key, one.key.toUpperCase()) : key))
    );
  },
  'title-not-on-top': (head, { note }) =>
    note.hasTitle ||
    note.heading === undefined ||
    note.heading === note.title ||
    head.some(({ key, lines }) => key === 'title' && lines.join().includes(note.heading ?? ''))
      ? undefined
      : withTitle(head, note.heading),
  'tags-unasked': (head, { note: { tags }, keys }) => {
    if (keys.includes('tags') || tags.length === 0) return undefined;
    return (
      withTags(head, tags) ?? [...head, { key: 'tags', lines: [`tags: [${tags.join(', ')}]`] }]
    );
  },
  'title-unasked': (head, { note, keys }) =>
    keys.includes('title') || note.hasTitle
      ? undefined
      : [{ key: 'title', lines: [`title: ${JSON.stringify(note.title)}`] }, ...head],
};
