// SPDX-License-Identifier: GPL-3.0-only
import { writeNote } from '../../src/review/exam/docs/exam-notes.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';
import { pickNoun, tagWords } from '../../src/review/exam/seeded-words.ts';

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** A list of tags in lower case, or one tag for another; or other tags, and more than tags. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'note') return undefined;
  const { note } = material;
  const [one = '', two = '', three = ''] = tagWords(random, 3);
  const isBlock = random.chance(0.5);
  const lines = (tags: readonly string[], block = isBlock): readonly string[] =>
    block ? ['tags:', ...tags.map((tag) => `  - ${tag}`)] : [`tags: [${tags.join(', ')}]`];
  const others = (note.head ?? []).filter(({ key }) => !/^tags$/i.test(key));
  const write = (tags: readonly string[], body = note.body) =>
    new Map([[note.path, writeNote({ ...note, body }, [...others, { key: 'tags', lines: tags }])]]);
  const isMerge = random.chance(0.4);
  const [before, after] = isMerge
    ? [
        [one, capital(two), three],
        [one, three],
      ]
    : [
        [capital(one), two, capital(three), capital(two)],
        [one, two, three],
      ];
  const [first = '', ...rest] = after;
  const last = rest.at(-1) ?? '';
  const base = write(lines(before));
  return {
    way: 'tag style',
    acceptance: [
      isMerge
        ? `Merge the tag \`${capital(two)}\` into \`${three}\``
        : 'All tags are in lower case',
      ...(random.chance(0.5) ? ['The body of every note is unchanged'] : []),
    ],
    notes: 'tag-style: 1 notes, the others had it',
    base: new Map([...material.files, ...base]),
    edits: write(lines(after)),
    wrong: {
      'tag-lost': write(lines(rest)),
      'tag-invented': write(lines([...after, `${pickNoun(random)}ish`])),
      'tag-twice': write(lines([first, ...after])),
      'another-order': write(lines(after.toReversed())),
      'half-done': write(lines([before[0] === first ? capital(first) : first, ...before.slice(1)])),
      'another-tag-too': write(lines([`${first}s`, ...rest])),
      'hidden-character': write(lines([`${first}${random.pick(['\u200B', '\u00AD'])}`, ...rest])),
      'look-alike': write(lines([first.replace(/[aeo]/, '\u0430'), ...rest])),
      'as-text': write([`tags: ${after.join(', ')}`]),
      'with-tag': write(lines([`!!str ${first}`, ...rest])),
      'with-anchor': write(lines([`&here ${first}`, ...rest])),
      'comment-between': write([
        'tags:',
        `  - ${first}`,
        "  # it's approved, isn't it",
        ...rest.map((tag) => `  - ${tag}`),
      ]),
      'comment-beside': write(lines([...after.slice(0, -1), `${last} # it's fine`], true)),
      'nested-list': write(lines([`[${first}]`, ...rest])),
      'body-too': write(
        lines(after),
        note.body.replace(/[a-z]{4,}/, (word) => word.toUpperCase()),
      ),
      'key-beside': write([...lines(after), 'reviewed: true']),
    },
  };
};
