// SPDX-License-Identifier: GPL-3.0-only

/** Something in a text that rules ask about; lines count from 1. */
export type TextMark = { readonly line: number; readonly what: string };

/**
 * Characters that nobody sees or that turn a line's order round: controls, what Unicode lets a screen ignore,
 * formats such as marks and isolates of direction (https://www.unicode.org/reports/tr36,
 * https://trojansource.codes). The signs of Arabic numbers among the formats are seen.
 */
const hidden = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[\t\n\f\r\u0600-\u0605\u06dd]]/gv;

/** Characters that nobody sees, each by its code point (`U+202E`). */
export const hiddenIn = (text: string): readonly TextMark[] =>
  marksIn(
    text,
    hidden,
    ([character = '']) => {
      const code = character.codePointAt(0) ?? 0;
      return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    },
    ({ index, 0: character }) => !isPartOfSign(text, index, character),
  );

/** Joiners and selectors belong to the letters and pictures around them, tags to a flag, a byte order mark to the first line. */
const isPartOfSign = (text: string, index: number, character: string): boolean => {
  const before = text.slice(Math.max(0, index - 2), index);
  if (character === '\ufeff') return index === 0;
  if (/[\u200c\u200d]/.test(character)) {
    return /[^\p{ASCII}]$/u.test(before) && /^[^\p{ASCII}]/u.test(text.slice(index + 1, index + 3));
  }
  if (/[\ufe00-\ufe0f]/.test(character)) return /(?:[0-9#*]|[^\p{ASCII}])$/u.test(before);
  return (
    /[\u{e0020}-\u{e007f}]/u.test(character) && /[\u{1f3f4}\u{e0020}-\u{e007f}]$/u.test(before)
  );
};

/** A scheme with a host, or a number of four parts that is no version of something. */
const address =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/@'"`<>]*@)?(\[[0-9a-f:.]+\]|[^\s/:?#'"`<>()[\]{}|\\,;]+)|(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3})(?![\w.-])/gi;

/** Hosts that a text names, in lower case. */
export const addressesIn = (text: string): readonly TextMark[] =>
  text.includes('://') || /\d\.\d{1,3}\.\d{1,3}\.\d/.test(text)
    ? marksIn(text, address, ([, host, number]) => (host ?? number ?? '').toLowerCase())
    : [];

/** What tells a checker to look away, or a test not to run. */
const switches = [
  /@ts-(?:nocheck|ignore|expect-error)\b/g,
  /\b(?:eslint|oxlint|stylelint|tslint)[-:]disable\b/g,
  /\bbiome-ignore(?:-all|-start)?\b/g,
  /\b(?:istanbul|c8|v8) ignore\b/g,
  /#[ \t]*(?:noqa|nosec|(?:type|pyright):[ \t]*ignore|pylint:[ \t]*disable)\b/g,
  /\/\/[ \t]*nolint\b/g,
  /\b(?:test|it|describe|suite|bench)(?:\.\w{1,20}){0,3}\.(?:skip|only|todo|failing|fixme)\b/g,
  /\b(?:xit|xtest|xdescribe|fit|fdescribe)\s*\(/g,
  /\b(?:pytest\.mark|unittest)\.(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b/g,
  /\bt\.(?:Skip|Skipf|SkipNow)\s*\(/g,
] as const;

/** Words that switch checks off. */
export const switchesIn = (text: string): readonly TextMark[] =>
  switches.flatMap((pattern) => marksIn(text, pattern, ([word]) => word.replace(/\s+/g, ' ')));

const marksIn = (
  text: string,
  pattern: RegExp,
  nameOf: (match: RegExpExecArray) => string,
  counts: (match: RegExpExecArray) => boolean = () => true,
): readonly TextMark[] => {
  let [line, at] = [1, 0];
  return [...text.matchAll(pattern)].filter(counts).map((match) => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < match.index; ) {
      line += 1;
      at = next + 1;
      next = text.indexOf('\n', at);
    }
    return { line, what: nameOf(match) };
  });
};
