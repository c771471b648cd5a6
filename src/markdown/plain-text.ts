// SPDX-License-Identifier: GPL-3.0-only
import { decodeNamedCharacterReference } from 'decode-named-character-reference';

const emoji =
  /\p{RGI_Emoji}|\p{Emoji_Presentation}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}\u{FE0F}\u{20E3}]|(?![©®™‼⁉ℹ〰〽㊗㊙Ⓜ↔-↙↩↪⤴⤵⬅-⬇])\p{Extended_Pictographic}/gv;

/** A tag of HTML with its attributes, or a comment: CommonMark 0.31.2, Raw HTML. */
const tag =
  /<\/?[a-z][\w-]*(?:\s+[a-z_:][\w.:-]*(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'=<>`]+))?)*\s*\/?>|<![^<>]*>/gi;

/** Private-use characters that hold the place of code spans and escapes. */
const hold = (index: number): string => `\uE000${index}\uE001`;

/**
 * One line of Markdown as the text a reader sees, without emoji and markup: code, emphasis, links,
 * images, HTML, Liquid and attribute lists are reduced to their text or dropped.
 */
export const plainText = (line: string): string => {
  const kept: string[] = [];
  const keep = (text: string): string => hold(kept.push(text) - 1);
  const bare = line
    .replace(/[\uE000\uE001]/g, '')
    .replace(/(?<!`)(`{1,8})(?!`)([^`]+)\1(?!`)/g, (_, __, code: string) => keep(code.trim()))
    .replace(/\\([!-/:-@[-`{-~])/g, (_, character: string) => keep(character))
    .replace(/\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{:[^{}]*\}|\{#[^{}\s]*\}|\{\/\*[^{}]*\*\/\}/g, ' ')
    .replace(/\{[.#][^{}]*\}\s*$/, ' ')
    .replace(/!?\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, '$1')
    .replace(/!\[([^[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^[\]]*\])/g, '$1')
    .replace(/\[([^[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^[\]]*\])/g, '$1')
    .replace(/<((?:https?|mailto):[^<>\s]*)>/g, '$1')
    .replace(/<br(?:\s[^<>]*)?\/?>/gi, ' ')
    .replace(tag, '');
  const text = withoutEmphasis(bare)
    .replace(
      /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi,
      (whole, name: string) => entityText(name) ?? whole,
    )
    .replace(/^(?::[a-z+][a-z0-9_+-]*: +)+|(?: +:[a-z+][a-z0-9_+-]*:)+$/g, '')
    .replace(emoji, '')
    .replace(/\u200D/g, '');
  return text
    .replace(/\uE000(\d+)\uE001/g, (_, index: string) => kept[Number(index)] ?? '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
};

/** From the inside out: `**much *more* than that**`. */
const withoutEmphasis = (text: string): string => {
  const inner = text
    .replace(/(\*{1,3})(?=\S)([^*]+)(?<=\S)\1/g, '$2')
    .replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_]+)(?<=\S)\1(?![\p{L}\p{N}_])/gu, '$2')
    .replace(/(~~|==)(?=\S)([^~=]+)(?<=\S)\1/g, '$2');
  return inner === text ? text : withoutEmphasis(inner);
};

const entityText = (name: string): string | undefined => {
  if (!name.startsWith('#')) return decodeNamedCharacterReference(name) || undefined;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const allowed = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return allowed ? String.fromCodePoint(code) : undefined;
};
