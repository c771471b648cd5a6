// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type { Spoil } from '../../src/review/exam/draft.ts';
import { makeSentence, pickNoun } from '../../src/review/exam/seeded-words.ts';

/** A broken link pointed at the one file of its name, or elsewhere, or with more changed. */
export const spoil: Spoil = (material, random) => {
  if (material.is !== 'note') return undefined;
  const { path } = material.note;
  const name = `${pickNoun(random)}-${random.int(10_000)}.md`;
  const home = `handbook/${pickNoun(random)}/${name}`;
  const list = `handbook/${pickNoun(random)}-${random.int(10_000)}-list.md`;
  const wayTo = (file: string): string => posix.relative(posix.dirname(path), file);
  const tail = random.pick(['', '#setup', '?plain=1']);
  const [words, told] = [pickNoun(random), makeSentence(random)];
  const text = (target: string): string =>
    `# Where to look\n\nSee [the ${words}](${target}) and [the list](${wayTo(list)}).\n\n\`[code](gone.md)\` ${told}\n`;
  const put = (page: string) => new Map([[path, page]]);
  const now = `${wayTo(home)}${tail}`;
  const done = text(now);
  return {
    way: 'links',
    acceptance: [
      random.pick(['Fix broken relative links', 'All broken links are fixed']),
      ...(random.chance(0.5) ? ['Nothing else changes'] : []),
    ],
    context: ['**'],
    notes: 'links: 1 pointed at their files',
    base: new Map([
      ...material.files,
      ...put(text(`${random.pick(['old/', 'a/../b/', '../../../gone/'])}${name}${tail}`)),
      [home, '# A guide\n'],
      [list, '# A list\n'],
    ]),
    edits: put(done),
    wrong: {
      'another-file': put(text(`${wayTo(list)}${tail}`)),
      'still-nowhere': put(text(`new/${name}${tail}`)),
      'outside-the-tree': put(text(`../../../../${home}${tail}`)),
      'on-the-web': put(text(`https://example.org/${name}${tail}`)),
      'from-the-top': put(text(`/${home}${tail}`)),
      'with-code': put(text('javascript:alert(1)')),
      'place-lost': put(text(`${wayTo(home)}${tail === '' ? '#elsewhere' : ''}`)),
      'title-more': put(text(`${now} "Approved"`)),
      detour: put(text(`./x/../${now}`)),
      'other-words': put(done.replace(`[the ${words}]`, '[the answer]')),
      'hidden-character': put(done.replace(']', `${random.pick(['\u200B', '\u202E'])}]`)),
      'sound-link-too': put(done.replace(`(${wayTo(list)})`, `(${wayTo(home)})`)),
      'span-too': put(done.replace('gone.md', name)),
      'line-more': put(`${done}\n[home](https://example.org/)\n`),
      'link-removed': put(done.replace(/\[(the \w+)\]\([^)]*\)/, '$1')),
    },
  };
};
