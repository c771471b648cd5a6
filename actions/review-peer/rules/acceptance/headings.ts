// SPDX-License-Identifier: GPL-3.0-only
import { decodeNamedCharacterReference } from 'decode-named-character-reference';
import { headingsOf as headingsIn } from '../../../../src/markdown/headings.ts';
import { blankBlocks } from '../../../../src/markdown/prose.ts';

const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|[\u{1F1E6}-\u{1F1FF}]|\uFE0F|\u20E3/u;

export type HeadingText = { readonly level: number; readonly readings: readonly string[] };

/** A note's first heading but those that are hashtags alone or have no letters. */
export const topHeading = (body: string): HeadingText | undefined =>
  headingsIn(body)
    .filter(({ source }) => source.replace(/(?:^|\s)#[^\s#]+/g, '').trim() !== '')
    .map(({ level, source }) => ({ level, readings: readingsOf(source) }))
    .find(({ readings }) => readings.some((reading) => reading !== ''));

/** Letters and digits of a heading in the readings its markup allows. */
const readingsOf = (heading: string): readonly string[] => {
  const plain = heading
    .replace(/\\([\\`*_{}[\]()#+\-.!~<>|])/g, '$1')
    .replace(/<\/?[a-z][\w-]*(?:\s[^<>,]*)?\/?>/gi, '')
    .replace(/\{\/\*[^{}]*\*\/\}/g, '')
    .replace(/\s*\{[#.:][^}]*\}\s*$/, '');
  const unlinked = (image: string): string =>
    plain
      .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, image)
      .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
      .replace(/\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1');
  const texts = [unlinked('$1'), unlinked('')];
  const shortcodes = texts.map((text) => text.replace(/:[a-z0-9_+-]+:/g, ''));
  const entities = texts.map((text) =>
    text.replace(/&(\w+);/g, (_, name: string) => decodeNamedCharacterReference(name) || ''),
  );
  const tags = texts.map((text) => text.replace(/(?:^|\s)#[\p{L}\p{N}_/-]+/gu, ' '));
  return [...texts, ...shortcodes, ...entities, ...tags, heading].map(lettersOf);
};

/** What is left of a text without marks, blanks and pictures: two that read alike are equal. */
export const lettersOf = (text: string): string =>
  text.normalize('NFC').replace(/[^\p{L}\p{N}\p{M}]|[\uFE00-\uFE0F\u20E3]/gu, '');

/** Digits and signs that Unicode counts among emoji do not count here. */
export const hasEmoji = (text: string): boolean => {
  return emoji.test(text.replace(/[\d#*©®™‼⁉ℹ↔-↙↩↪⤴⤵⬅-⬇〰〽㊗㊙Ⓜ]/gu, ''));
};

/**
 * The hashtags of a note: `certain` by anyone's reading, `possible` by somebody's (inside code,
 * beside punctuation, like a colour). Without `#`, in lower case.
 */
export const hashtagsOf = (
  body: string,
): { readonly certain: ReadonlySet<string>; readonly possible: ReadonlySet<string> } => {
  const possible = new Set(
    [
      ...body.matchAll(
        /#([\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{EMod}\p{RI}\p{Join_C}_/-]+)/gu,
      ),
    ].flatMap(([, tag = '']) => [tag.toLowerCase(), tag.toLowerCase().replace(/[-/]+$/, '')]),
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
      if (!/^[0-9a-f]{3,8}$/i.test(tag)) certain.add(tag.toLowerCase());
    }
  }
  return { certain, possible };
};
