// SPDX-License-Identifier: GPL-3.0-only
import { type HeadKey, writeNote } from '../../src/review/exam/docs/exam-notes.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';
import { pickNoun } from '../../src/review/exam/seeded-words.ts';

/** Two keys of a note brought to the front, or others, or not with all that is theirs. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'note') return undefined;
  const { note } = material;
  const head = note.head ?? [];
  // A comment's place could be read in two ways.
  if (head.length < 3 || head.some(({ key }) => key === '#')) return undefined;
  const [first, second] = random.shuffle(head.filter(({ key }) => /^\w+$/.test(key)));
  if (!first || !second) return undefined;
  const others = head.filter((one) => one !== first && one !== second);
  const sorted = [first, second, ...others];
  const write = (keys: readonly HeadKey[]) => new Map([[note.path, writeNote(note, keys)]]);
  const spelled = (change: (line: string) => string): readonly HeadKey[] =>
    sorted.map((one) =>
      one === first
        ? { ...one, lines: one.lines.map((line, at) => (at === 0 ? change(line) : line)) }
        : one,
    );
  const list = sorted.findIndex(({ lines }) => lines.length > 2);
  const turned = sorted.map(({ key, lines: [top = '', ...rest] }, at) =>
    at === list ? { key, lines: [top, ...rest.toReversed()] } : { key, lines: [top, ...rest] },
  );
  return {
    way: 'key order',
    acceptance: [
      random.pick([
        `The key order is ${first.key}, ${second.key}`,
        `\`${first.key}\` and \`${second.key}\` come first in the frontmatter`,
      ]),
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    notes: `set ${first.key}, ${second.key}`,
    edits: write(sorted),
    wrong: {
      'the-other-way': write([second, first, ...others]),
      'only-one': write([first, ...head.filter((one) => one !== first)]),
      'others-too': write([first, second, ...others.toReversed()]),
      'key-lost': write(sorted.slice(0, -1)),
      'key-twice': write([...sorted, first]),
      'value-changed': write(spelled((line) => `${line} ${pickNoun(random)}`)),
      'value-with-tag': write(spelled((line) => line.replace(/: *(?=\S)/, ': !!str '))),
      'value-with-anchor': write(spelled((line) => line.replace(/:(?= |$)/, ': &here'))),
      'comment-beside': write(spelled((line) => `${line} # approved`)),
      'comment-between': write([first, { key: '#', lines: ['# approved'] }, second, ...others]),
      'spelled-anew': write(spelled((line) => line.toUpperCase())),
      'blanks-changed': write(spelled((line) => line.replace(/: */, ':   '))),
      'list-turned': list === -1 ? undefined : write(turned),
    },
  };
};
