// SPDX-License-Identifier: GPL-3.0-only
import { proseOf } from './prose.ts';

/**
 * Tags as in Obsidian (https://help.obsidian.md/tags): `#` after white space, at a line's start or after
 * another tag, then letters, digits, emoji, `_`, `-` or `/`, up to white space or closing punctuation. They are
 * taken whole before the punctuation is looked at: `_` is in both, and a long run of it would else be
 * tried from every place.
 */
const first = '\\p{L}\\p{N}_\\p{Extended_Pictographic}\\p{RI}';
const more = `${first}\\p{M}\\p{EMod}\\p{Join_C}/-`;
const candidates = new RegExp(
  `(?<=^|\\s)((?:#[${first}][${more}]*)+)(?<![/-])(?![#${more}])(?=[.,;:!?)\\]}'"*_…]*(?:\\s|$))`,
  'gmu',
);

/** `#fff`, `#1a2b3c`, `#aabbcc`: a colour. Letters alone are a word where they are not in pairs. */
const colour =
  /^(?:(?=.*\d)[0-9a-f]{3}|([0-9a-f])\1\1|(?=.*\d)[0-9a-f]{6}|([0-9a-f])\2([0-9a-f])\3([0-9a-f])\4|(?=.*\d)[0-9a-f]{8})$/i;

/** A label such as `#tags:` that only introduces a list of tags. */
const introducesTags = /^:[ \t]*#/;

/**
 * The hashtags of a body without `#`, sorted by code unit; of those that differ in case alone the first.
 * Not tags: what stands in code, targets of links, addresses, formulas, comments or HTML, heading marks,
 * `#123` (an issue), `#1a2b3c` (a colour), and a label before a list of tags (`#tags: #a #b`).
 */
export const hashtagsOf = (body: string): readonly string[] => {
  const prose = proseOf(body);
  const tags = [...prose.matchAll(candidates)].flatMap((match) => {
    const end = match.index + match[0].length;
    if (introducesTags.test(prose.slice(end, end + 80))) return [];
    return (match[1] ?? '')
      .slice(1)
      .split('#')
      .map((text) => text.normalize('NFC'))
      .filter((text) => /[^\p{N}]/u.test(text) && !colour.test(text));
  });
  const byFold = new Map<string, string>();
  for (const text of tags) {
    const fold = text.toLowerCase();
    if (!byFold.has(fold)) byFold.set(fold, text);
  }
  return [...byFold.values()].sort();
};
