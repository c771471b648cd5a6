// SPDX-License-Identifier: GPL-3.0-only
import { type HeadKey, spelledAs, writeNote } from '../../src/review/exam/docs/exam-notes.ts';
import type { Spoil } from '../../src/review/exam/draft.ts';
import { pickNoun } from '../../src/review/exam/seeded-words.ts';

/** A key under another name, or with more about it changed, or another key. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'note') return undefined;
  const { note } = material;
  const head = note.head ?? [];
  const named = head.filter(({ key }) => /^[a-z]+$/.test(key));
  if (named.length === 0) return undefined;
  const key = random.pick(named);
  const from = key.key;
  const to = random.pick(['topic', 'kind', 'section']);
  const other = random.pick(head);
  const put = (...keys: readonly HeadKey[]) => head.flatMap((one) => (one === key ? keys : [one]));
  const write = (keys: readonly HeadKey[], body = note.body) =>
    new Map([[note.path, writeNote({ ...note, body }, keys)]]);
  const renamed = spelledAs(key, to);
  const first = (change: (line: string) => string): HeadKey => ({
    key: to,
    lines: renamed.lines.map((line, at) => (at === 0 ? change(line) : line)),
  });
  return {
    way: 'rename key',
    acceptance: [
      random.pick([
        `Rename the key \`${from}\` to \`${to}\``,
        `The key \`${from}\` is renamed to \`${to}\``,
      ]),
      ...(random.chance(0.5) ? ['The body of every note is unchanged'] : []),
    ],
    notes: `rename-key: ${from} to ${to} in 1 notes`,
    edits: write(put(renamed)),
    wrong: {
      'another-name': write(put(spelledAs(key, `${to}s`))),
      'capital-name': write(put(spelledAs(key, to.toUpperCase()))),
      'name-in-quotes': write(put(spelledAs(key, `"${to}"`))),
      'name-with-tag': write(put(spelledAs(key, `!!str ${to}`))),
      'look-alike': write(put(spelledAs(key, to.replace('o', '\u043E').replace('i', '\u0456')))),
      'hidden-character': write(put(spelledAs(key, `${to}${random.pick(['\u200B', '\u202E'])}`))),
      'old-one-beside': write(put(renamed, key)),
      'another-key-too':
        other === key || other.key === '#'
          ? undefined
          : write(put(renamed).map((one) => (one === other ? spelledAs(one, `${to}-too`) : one))),
      'key-moved':
        head.length < 2 ? undefined : write([...head.filter((one) => one !== key), renamed]),
      'value-changed': write(put(first((line) => `${line}${pickNoun(random)}`))),
      'value-lost': write(put({ key: to, lines: [`${to}:`] })),
      'value-with-tag': write(put(first((line) => line.replace(/:(?= |$)/, ': !!binary')))),
      'value-with-anchor': write(put(first((line) => line.replace(/:(?= |$)/, ': &here')))),
      'comment-beside': write(put(first((line) => `${line} # reviewed`))),
      'body-too': write(put(renamed), note.body.replace(/[a-z]{4,}/, to)),
    },
  };
};
