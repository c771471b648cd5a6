// SPDX-License-Identifier: GPL-3.0-only
import { stringify } from 'yaml';
import type { Draw } from './random.ts';
import { emoji, languages, sentences, strangeWords, tagWords } from './words.ts';

/** A note that was invented. */
export type InventedNote = {
  readonly path: string;
  readonly text: string;
};

/** A few words of one language as a person would head a page with them. */
const phrase = (draw: Draw, words: readonly string[], glue = ' '): string => {
  const picked = draw.some(words, draw.between(1, 5)).join(glue);
  const styled = draw.one([
    picked,
    picked,
    `${picked.charAt(0).toUpperCase()}${picked.slice(1)}`,
    picked.toUpperCase(),
    `${picked} ${draw.between(1, 40)}`,
    `${draw.between(1, 12)}. ${picked}`,
    `${picked}: ${draw.one(words)}`,
    `${picked} (${draw.one(words)})`,
    `${picked}?`,
  ]);
  return draw.chance(0.04) ? `${draw.one(emoji)} ${styled}` : styled;
};

/** A file's name for a title, or for none. */
const fileName = (draw: Draw, title: string): string => {
  const words = title.replace(/[/\\:?*"<>|`[\]#]+/g, ' ').trim() || 'note';
  const day = `20${draw.between(19, 26)}-0${draw.between(1, 9)}-${draw.between(10, 28)}`;
  return draw.one([
    () => words.toLowerCase().replaceAll(/\s+/g, '-'),
    () => words.toLowerCase().replaceAll(/\s+/g, '-'),
    () => words.toLowerCase().replaceAll(/\s+/g, '_'),
    () => words,
    () => words.replaceAll(/\s+/g, ''),
    () => `${day}-${words.toLowerCase().replaceAll(/\s+/g, '-')}`,
    () => `${day} ${words}`,
    () => day,
    () => `${draw.between(1, 99)}`.padStart(2, '0').concat(`-${words.replaceAll(/\s+/g, '-')}`),
    () => draw.one(['README', 'index', 'Index', '_index', 'notes', 'TODO', 'a', 'v1.2.3']),
  ])();
};

const folder = (draw: Draw): string =>
  draw.one([
    '',
    '',
    'notes/',
    'docs/',
    'notes/meetings/',
    'Übersicht/',
    'a/b/c/',
    '日記/',
    '_posts/',
  ]);

const heading = (draw: Draw, title: string): string => {
  const [first = title] = title.split(' ');
  return draw.one([
    () => `# ${title}\n\n`,
    () => `# ${title}\n\n`,
    () => `# ${title}\n\n`,
    () => `# ${title} #\n\n`,
    () => `${title}\n${'='.repeat(draw.between(3, 20))}\n\n`,
    () => `# \`${first}\` ${title}\n\n`,
    () => `# *${first}* ${title}\n\n`,
    () => `# [${title}](other.md)\n\n`,
    () => `# [[${first}]] ${title}\n\n`,
    () => `## ${title}\n\n`,
    () => `## ${title}\n\n`,
    () => `### ${title}\n\n`,
    () => `${title}\n---\n\n`,
    () => '',
    () => '',
    () => '',
    () => '#\n\n',
    () => `\`\`\`sh\n# ${title}\n\`\`\`\n\n`,
    () => `<!-- # ${title} -->\n\n`,
    () => `${draw.one(sentences)}\n\n# ${title}\n\n`,
  ])();
};

const hashtag = (draw: Draw, words: readonly string[]): string =>
  `#${draw.one(draw.chance(0.6) ? tagWords : words)}`;

const block = (draw: Draw, words: readonly string[]): string =>
  draw.one([
    () => draw.one(sentences),
    () => draw.one(sentences),
    () => `${draw.one(sentences)} ${hashtag(draw, words)}`,
    () => `See [[${draw.one(words)}]] and [this](${draw.one(words)}.md).`,
    () =>
      draw
        .some(words, 3)
        .map((word) => `- ${word}`)
        .join('\n'),
    () =>
      draw
        .some(words, 2)
        .map((word) => `- [ ] ${word} ${hashtag(draw, words)}`)
        .join('\n'),
    () => `\`\`\`js\n// ${hashtag(draw, words)}\nlet x = 1;\n\`\`\``,
    () => `> ${draw.one(sentences)}`,
    () => `| a | b |\n| - | - |\n| ${draw.one(words)} | \`${hashtag(draw, words)}\` |`,
    () => `## ${phrase(draw, words)}\n\n${draw.one(sentences)}`,
    () =>
      `Tags: ${Array.from({ length: draw.between(1, 4) }, () => hashtag(draw, words)).join(' ')}`,
    () => Array.from({ length: draw.between(1, 5) }, () => hashtag(draw, words)).join(' '),
  ])();

const tagList = (draw: Draw, words: readonly string[]): readonly string[] =>
  draw.some(draw.chance(0.6) ? tagWords : words, draw.between(1, 5));

/** What stands at the head of a note. */
const front = (draw: Draw, words: readonly string[], title: string): string => {
  if (draw.chance(0.4)) return '';
  const keys: (readonly [string, unknown])[] = [];
  if (draw.chance(0.45)) {
    keys.push(['title', draw.one([title, phrase(draw, words), phrase(draw, words), '', null])]);
  }
  if (draw.chance(0.55)) {
    const tags = tagList(draw, words);
    keys.push([
      'tags',
      draw.one([
        tags,
        tags,
        tags,
        [...tags].sort(),
        [...tags].sort(),
        tags[0],
        tags.join(', '),
        [],
        null,
      ]),
    ]);
  }
  if (draw.chance(0.2))
    keys.push(['description', draw.one([draw.one(sentences), phrase(draw, words), ''])]);
  if (draw.chance(0.15)) keys.push(['status', draw.one(['draft', 'stable', 'new', ''])]);
  if (draw.chance(0.2)) keys.push(['date', `2025-0${draw.between(1, 9)}-${draw.between(10, 28)}`]);
  if (draw.chance(0.15)) keys.push(['draft', draw.chance(0.5)]);
  if (draw.chance(0.1)) keys.push(['layout', draw.one(['post', 'page'])]);
  if (draw.chance(0.1)) keys.push(['aliases', draw.some(words, 2)]);
  if (draw.chance(0.1)) keys.push(['author', draw.one(words)]);
  const ordered = draw.some(keys, keys.length);
  const flow = draw.chance(0.4);
  const yaml = ordered
    .map(([key, value]) =>
      flow && Array.isArray(value)
        ? `${key}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0 })}`
        : stringify({ [key]: value }),
    )
    .join('');
  return `---\n${draw.chance(0.05) ? '# kept by hand\n' : ''}${yaml}---\n${draw.chance(0.5) ? '\n' : ''}`;
};

/** A note of any shape; its file is called after its title or not. */
export const inventNote = (draw: Draw): InventedNote => {
  const words = draw.one([
    languages.en ?? [],
    draw.one(Object.values(languages)),
    strangeWords(draw, 30),
  ]);
  const title = phrase(
    draw,
    words,
    /[\p{Script=Han}\p{Script=Kana}]/u.test(words[0] ?? '') ? '' : ' ',
  );
  const blocks = Array.from({ length: draw.between(0, 5) }, () => block(draw, words));
  const name = fileName(draw, draw.chance(0.6) ? title : phrase(draw, words));
  const text = `${front(draw, words, title)}${heading(draw, title)}${blocks.join('\n\n')}\n`;
  return {
    path: `${folder(draw)}${name.slice(0, 60)}${draw.one(['.md', '.md', '.md', '.markdown'])}`,
    text: draw.chance(0.05) ? text.replaceAll('\n', '\r\n') : text,
  };
};
