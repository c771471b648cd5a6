// SPDX-License-Identifier: GPL-3.0-only
import { proseOf } from './prose.ts';

/**
 * A tag as in Obsidian: `#` after white space or at a line's start, then letters, digits, `_`, `-`
 * or `/`, up to white space or closing punctuation. The tag is taken whole before the punctuation
 * is looked at: `_` is in both, and a long run of it would else be tried from every place.
 */
const candidate =
  /(?<=^|\s)#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_/-]*)(?<![/-])(?![\p{L}\p{M}\p{N}_/-])(?=[.,;:!?)\]}'"*_…]*(?:\s|$))/gmu;

/** `#fff`, `#1a2b3c`: a colour. Four or eight letters without a digit are rather a word. */
const colour = /^(?:[0-9a-f]{3}|[0-9a-f]{6}|(?=.*\d)[0-9a-f]{4}|(?=.*\d)[0-9a-f]{8})$/i;

/** A label such as `#tags:` that only introduces a list of tags. */
const introducesTags = /^:[ \t]*#/;

/**
 * The hashtags of a body without `#`, sorted by code unit, each once. Not tags: what stands in code,
 * links, addresses, comments or HTML, heading marks, `#123` (an issue), `#1a2b3c` (a colour), and
 * a label before a list of tags (`#tags: #a #b`).
 */
export const hashtagsOf = (body: string): readonly string[] => {
  const prose = proseOf(body);
  const tags = [...prose.matchAll(candidate)].flatMap((match) => {
    const tag = (match[1] ?? '').normalize('NFC');
    const rest = prose.slice(match.index + match[0].length, match.index + match[0].length + 80);
    const isTag = /[\p{L}_]/u.test(tag) && !colour.test(tag) && !introducesTags.test(rest);
    return isTag ? [tag] : [];
  });
  return [...new Set(tags)].sort();
};
