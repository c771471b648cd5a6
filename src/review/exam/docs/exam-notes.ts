// SPDX-License-Identifier: GPL-3.0-only

import type { Random } from '../seeded-random.ts';
import { makeSentence, pickNoun, tagWords, titleWords } from '../seeded-words.ts';

/** A frontmatter key with its lines as they stand, without line ends. */
export type HeadKey = { readonly key: string; readonly lines: readonly string[] };

/** A note with what its frontmatter ought to say: known, not worked out by anyone's code. */
export type ExamNote = {
  readonly path: string;
  readonly bom: string;
  readonly eol: '\n' | '\r\n';
  /** Absent where the note has no frontmatter; a key named `#` is a comment line. */
  readonly head: readonly HeadKey[] | undefined;
  readonly body: string;
  readonly title: string;
  readonly hasTitle: boolean;
  /** The first heading's text. */
  readonly heading: string | undefined;
  /** Sorted; what stands under `tags` and what the body tags. */
  readonly tags: readonly string[];
};

/** A file beside the notes that no patch of an exam may touch. */
export const outsidePath = 'README.md';

/** The note's text with another head. */
export const writeNote = (
  { bom, eol, body }: Pick<ExamNote, 'bom' | 'eol' | 'body'>,
  head: readonly HeadKey[] | undefined,
): string => {
  if (!head) return bom + body;
  const lines = ['---', ...head.flatMap((key) => key.lines), '---', ''];
  return bom + lines.join(eol) + body;
};

const emoji = ['🌱', '🚀', '✨', '🧭', '📦'];

/** A messy note from seeded words, in a folder. */
export const inventNote = (random: Random, folder = 'notes/'): ExamNote => {
  const words = titleWords(random);
  const named = inventName(random);
  const eol = random.chance(0.25) ? '\r\n' : '\n';
  const hashtags = tagWords(random, random.int(4));
  const listed = random.chance(0.5) ? tagWords(random, 1 + random.int(3)) : [];
  const kept = random.chance(0.3) ? titleWords(random).join(' ') : undefined;
  const heading = random.chance(0.85) ? words.join(' ') : undefined;
  const hasHead = kept !== undefined || listed.length > 0 || random.chance(0.4);
  const level = random.chance(0.15) ? 2 : 1;
  const body = inventBody(random, heading, level, words, hashtags).join(eol);
  const head = hasHead ? inventHead(random, kept, listed) : undefined;
  return {
    path: `${folder}${named.file}`,
    bom: random.chance(0.1) ? '\uFEFF' : '',
    eol,
    head,
    body,
    title: kept ?? (level === 1 ? heading : undefined) ?? named.words,
    hasTitle: kept !== undefined,
    heading,
    tags: [...new Set([...hashtags, ...listed])].sort(),
  };
};

/** A file name, and what it says in words. */
const inventName = (random: Random): { readonly file: string; readonly words: string } => {
  const [first, second, number] = [pickNoun(random), pickNoun(random), random.int(10_000)];
  const capital = first.slice(0, 1).toUpperCase() + first.slice(1);
  return random.pick([
    { file: `${first}-${number}.md`, words: `${capital} ${number}` },
    { file: `${first}_${second}-${number}.md`, words: `${capital} ${second} ${number}` },
    { file: `2024-05-1${number % 10}-${first}-${number}.md`, words: `${capital} ${number}` },
    { file: `${first} ${second}-${number}.md`, words: `${capital} ${second}-${number}` },
    { file: `ä ${second}-${number}.md`, words: `Ä ${second}-${number}` },
    { file: `${first}-${second}-${number}.md`, words: `${capital} ${second} ${number}` },
  ]);
};

const inventHead = (
  random: Random,
  title: string | undefined,
  tags: readonly string[],
): readonly HeadKey[] => {
  const others: readonly HeadKey[] = [
    { key: 'author', lines: [`author: ${pickNoun(random)}`] },
    {
      key: 'date',
      lines: [`date: 20${10 + random.int(15)}-0${1 + random.int(9)}-1${random.int(10)}`],
    },
    { key: 'draft', lines: [`draft: ${random.pick(['true', 'false'])} # ${makeSentence(random)}`] },
    {
      key: 'aliases',
      lines: ['aliases:', `  - "${pickNoun(random)}: one"`, `  - ${pickNoun(random)}`],
    },
    {
      key: 'summary',
      lines: ['summary: >-', `  ${makeSentence(random)}`, `  ${makeSentence(random)}`],
    },
    { key: 'weight', lines: [`weight:   ${random.int(99)}`] },
    { key: 'author url', lines: [`author url: 'https://example.org/${pickNoun(random)}'`] },
    { key: '#', lines: [`# ${makeSentence(random)}`] },
  ];
  const titled =
    title === undefined
      ? []
      : [{ key: 'title', lines: [`title: ${random.chance(0.5) ? title : `"${title}"`}`] }];
  const tagged = tags.length === 0 ? [] : [{ key: 'tags', lines: tagLines(random, tags) }];
  const asked = [...titled, ...tagged].map((key) =>
    random.chance(0.15) ? spelledAs(key, key.key.replace(/^t/, 'T')) : key,
  );
  return random.shuffle([...asked, ...random.shuffle(others).slice(0, random.int(5))]);
};

/** A key's lines with its name in another spelling. */
export const spelledAs = (
  { key, lines: [first = '', ...rest] }: HeadKey,
  name: string,
): HeadKey => ({
  key,
  lines: [first.replace(/^[^:]+/, name), ...rest],
});

/** A key's name as it stands. */
export const spellingOf = ({ lines: [first = ''] }: HeadKey): string =>
  /^[^:]*/.exec(first)?.[0] ?? '';

/** The `tags` key as a flow or a block list. */
export const tagLines = (random: Random, tags: readonly string[]): readonly string[] => {
  if (tags.length === 0 || random.chance(0.5)) return [`tags: [${tags.join(', ')}]`];
  const indent = random.chance(0.5) ? '  ' : '';
  return ['tags:', ...tags.map((tag) => `${indent}- ${tag}`)];
};

const inventBody = (
  random: Random,
  heading: string | undefined,
  level: 1 | 2,
  words: readonly string[],
  hashtags: readonly string[],
): readonly string[] => {
  const [first = '', ...rest] = words;
  const marked = random.pick([
    `# ${words.join(' ')}`,
    `# ${random.pick(emoji)} ${words.join(' ')}`,
    `# ${words.join(' ')} ${random.pick(emoji)}`,
    `# **${first}** ${rest.join(' ')}`,
    `# [${words.join(' ')}](https://example.org/#${pickNoun(random)})`,
    `# ${words.join(' ')} #`,
  ]);
  const top =
    heading === undefined
      ? []
      : random.chance(0.1)
        ? [heading, level === 1 ? '=====' : '-----', '']
        : [level === 1 ? marked : `#${marked}`, ''];
  const lead = random.chance(0.2) ? [makeSentence(random), ''] : [];
  const blocks: readonly (readonly string[])[] = [
    [`${makeSentence(random)} ${makeSentence(random)}`],
    [`- ${makeSentence(random)}`, `- ${makeSentence(random)}  `, `- [ ] ${makeSentence(random)}`],
    [
      '```sh',
      `# ${pickNoun(random)} is no heading`,
      `echo "#${pickNoun(random)}x" ${random.int(999)}`,
      '```',
    ],
    [
      `See [the ${pickNoun(random)}](#${pickNoun(random)}-part) and \`#${pickNoun(random)}y\` first.`,
    ],
    ['---'],
    heading === undefined
      ? [makeSentence(random)]
      : [`## ${titleWords(random).join(' ')}`, '', makeSentence(random)],
    ['| a | b |', '|---|---|', `| ${pickNoun(random)} | ${random.int(50)} |`],
    [`> ${makeSentence(random)}`],
  ];
  const tagged = hashtags.map((tag) =>
    random.chance(0.5) ? `${makeSentence(random)} #${tag}` : `#${tag} ${makeSentence(random)}`,
  );
  const chosen = random.shuffle([
    ...random.shuffle(blocks).slice(0, 2 + random.int(5)),
    ...tagged.map((line) => [line]),
    [makeSentence(random)],
  ]);
  const end = random.chance(0.8) ? [''] : [];
  // A rule right below a paragraph would make it a heading: keep an empty line between blocks.
  return [
    ...top,
    ...lead,
    ...chosen.flatMap((block, index) => (index === 0 ? block : ['', ...block])),
    ...end,
  ];
};
