// SPDX-License-Identifier: GPL-3.0-only
import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { Declined } from '../../../src/chore/script.ts';
import { hashtagsOf } from '../../../src/markdown/hashtags.ts';
import { firstHeading, isTemplateHeading } from '../../../src/markdown/headings.ts';
import { blankBlocks } from '../../../src/markdown/prose.ts';

const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u{1F1E6}-\u{1F1FF}]|\uFE0F|\u20E3/u;

/** A note's first heading with its text, which a second, coarser reading has to confirm. @throws Declined */
export const topHeading = (
  body: string,
): { readonly level: number; readonly text: string } | undefined => {
  const heading = firstHeading(body);
  if (!heading) return undefined;
  const { level, source, text } = heading;
  if (isTemplateHeading(heading))
    throw new Declined('its heading is written by a template, and nobody knows its text');
  if (!readingsOf(source).includes(lettersOf(text)) || hasEmoji(text))
    throw new Declined('its heading can be read in several ways');
  return { level, text };
};

/** Letters and digits of a heading in the readings its markup allows. */
export const readingsOf = (heading: string): readonly string[] => {
  const plain = heading
    .replace(/\\([\\`*_{}[\]()#+\-.!~<>|])/g, '$1')
    .replace(/<\/?[a-z][\w-]*(?:\s[^<>,]*)?\/?>/gi, '')
    .replace(/\{\/\*[^{}]*\*\/\}/g, '')
    .replace(/\s*\{[#.:][^}]*\}\s*$/, '');
  const text = plain
    .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
    .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1');
  const shortcodes = text.replace(/:[a-z0-9_+-]+:/g, '');
  const entities = text.replace(
    /&(\w+);/g,
    (_, name: string) => decodeNamedCharacterReference(name) || '',
  );
  return [text, shortcodes, entities, heading].map(lettersOf);
};

/** What is left of a text without marks, blanks and pictures: two that read alike are equal. */
export const lettersOf = (text: string): string =>
  text.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}]|[\uFE00-\uFE0F\u20E3]/gu, '');

/** Digits and signs that Unicode counts among emoji do not count here. */
const hasEmoji = (text: string): boolean =>
  emoji.test(text.replace(/[\d#*©®™‼⁉ℹ↔-↙↩↪⤴⤵⬅-⬇〰〽㊗㊙Ⓜ]/gu, ''));

/** The hashtags of a note, which a second, coarser reading has to confirm. @throws Declined */
export const tagsOfBody = (body: string): readonly string[] => {
  const tags = hashtagsOf(body);
  const { certain, possible } = coarseTags(body);
  const folded = tags.map((tag) => tag.toLowerCase());
  const doubtful =
    [...certain].find((tag) => !folded.includes(tag)) ??
    folded.find((tag) => !possible.has(tag.normalize('NFC')));
  if (doubtful === undefined) return tags;
  throw new Declined(`the hashtag "${doubtful}" can be read in several ways`);
};

/**
 * `certain` by anyone's reading, `possible` by somebody's (inside code, beside punctuation, like a
 * colour). Without `#`, in lower case.
 */
const coarseTags = (
  body: string,
): { readonly certain: ReadonlySet<string>; readonly possible: ReadonlySet<string> } => {
  const possible = new Set(
    [
      ...body.matchAll(
        /#([\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{EMod}\p{RI}\p{Join_C}_/-]+)/gu,
      ),
    ]
      .map(([, tag = '']) => tag.toLowerCase().normalize('NFC'))
      .flatMap((tag) => [tag, tag.replace(/[-/_]+$/, '')]),
  );
  const certain = new Set<string>();
  for (const line of blankBlocks(body)
    .replace(/\$\$[^$]*\$\$/g, '')
    .split(/\r\n|\n|\r/)) {
    if (/^(?: {4}|\t)/.test(line)) continue;
    const prose = line.replace(/(?<!`)`[^`]+`(?!`)/g, ' code ');
    if (/^[ \t]*[|<[]|`|\]\(|https?:|\[\[|\$|\{[:#%{/]/.test(prose)) continue;
    for (const [, tag = ''] of prose.matchAll(
      /(?<=^|[ \t])#([\p{L}][\p{L}\p{N}_-]*[\p{L}\p{N}])(?=$|[ \t]|[.,;!?](?:$|[ \t]))/gu,
    )) {
      if (!/^[0-9a-f]{3,8}$/i.test(tag)) certain.add(tag.toLowerCase().normalize('NFC'));
    }
  }
  return { certain, possible };
};
