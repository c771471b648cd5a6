// SPDX-License-Identifier: GPL-3.0-only
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';

/** What a header says: so many lines, and whether these are they. */
export type Wanted = {
  readonly lines: number;
  readonly isSaid: (lines: readonly string[]) => boolean;
  /** Where it is one that names this licence. */
  readonly licence?: string;
};

/** A comment that a text begins with: how long it is with its line break, and what it says. */
type Comment = { readonly length: number; readonly lines: readonly string[] };
type Form = (text: string, lines: number) => Comment | undefined;

const breaks = /\r\n|\n|\r/;

/** So many lines, each after the mark and a space. */
const marked =
  (mark: string): Form =>
  (text, count) => {
    const parts = text.split(/(\r\n|\n|\r)/).slice(0, count * 2);
    const lines = parts.filter((_, index) => index % 2 === 0);
    if (parts.length < count * 2 || !lines.every((line) => `${line} `.startsWith(`${mark} `)))
      return undefined;
    return {
      length: parts.join('').length,
      lines: lines.map((line) => line.slice(mark.length + 1)),
    };
  };

/** One line between the marks, or lines between marks on lines of their own. */
const between =
  (whole: RegExp, last: string, inner: RegExp): Form =>
  (text) => {
    const match = whole.exec(text);
    const parts = match?.[1]?.split(breaks);
    if (!match || !parts) return undefined;
    const { length } = match[0];
    const [only = ''] = parts;
    if (parts.length === 1)
      return /^ \S(?:.*\S)? $/.test(only) ? { length, lines: [only.slice(1, -1)] } : undefined;
    const middle = parts.slice(1, -1).map((line) => inner.exec(line));
    if (only !== '' || parts.at(-1) !== last || middle.includes(null)) return undefined;
    return { length, lines: middle.map((line) => line?.[1] ?? '') };
  };

const slashes = marked('//');
const stars = between(/^\/\*((?:(?!\*\/)[\s\S])*)\*\/(?:\r\n|\n|\r)/, ' ', /^ \*(?: (.*))?$/);
const markup = between(/^<!--((?:(?!--)[\s\S])*)-->(?:\r\n|\n|\r)/, '', /^(.*)$/);

const forms: readonly (readonly [RegExp, readonly Form[]])[] = [
  [
    /\.(?:[cm]?[jt]s|[jt]sx|java|kts?|go|rs|c|h|cc|[ch]pp|cs|swift|scala|dart|proto|groovy|gradle|scss|less|php)$/i,
    [slashes, stars],
  ],
  [/\.css$/i, [stars]],
  [/\.(?:md|markdown|html?|xml|svg|vue|svelte)$/i, [markup]],
  [/\.sql$/i, [marked('--'), stars]],
  [/\.(?:lua|hs)$/i, [marked('--')]],
  [
    /\.(?:ya?ml|sh|bash|zsh|fish|pyi?|rb|pl|toml|tf|r|mk)$|(?:^|\/)(?:makefile|dockerfile|gemfile|rakefile|\.gitignore|\.gitattributes|\.editorconfig)$/i,
    [marked('#')],
  ],
];

const formsOf = (path: string): readonly Form[] =>
  forms.find(([kind]) => kind.test(path))?.[1] ?? [];

/** Whether it is known how files of this kind write comments. */
export const isHeaderKind = (path: string): boolean => formsOf(path).length > 0;

/**
 * A text without the header at its place; `before` is the file without it, whose empty lines stay as
 * many. `undefined` where no such header is there.
 */
export const cutHeader = (
  path: string,
  text: string,
  wanted: Wanted,
  before = '',
): string | undefined => {
  const place = placeIn(path, text);
  if (place === undefined) return undefined;
  const at = place + emptyAt(text, place).length;
  const rest = text.slice(at);
  for (const form of formsOf(path)) {
    const comment = form(rest, wanted.lines);
    if (!comment || !wanted.isSaid(comment.lines)) continue;
    const { length } = comment;
    const ends = new Set(rest.slice(0, length).match(/\r\n|\n|\r/g));
    const [end = ''] = ends;
    const after = rest.slice(length);
    const spare =
      linesIn(text.slice(place, at)) + linesIn(emptyAt(after, 0)) - spaceIn(path, before);
    const left =
      text.slice(0, at) + (spare === 1 && after.startsWith(end) ? after.slice(end.length) : after);
    const others = new Set(left.match(/\r\n|\n|\r/g));
    if (ends.size > 1 || (others.size > 0 && !others.has(end))) return undefined;
    if (placeIn(path, left) !== place) return undefined;
    return left === before + end && !/[\r\n]$/.test(before) ? before : left;
  }
  return undefined;
};

const emptyAt = (text: string, at: number): string =>
  /^(?:[ \t]*(?:\r\n|\n|\r))*/.exec(text.slice(at))?.[0] ?? '';

const linesIn = (text: string): number => text.split(breaks).length - 1;

/** How many empty lines stand where the header belongs. */
const spaceIn = (path: string, text: string): number =>
  linesIn(emptyAt(text, placeIn(path, text) ?? 0));

/** What must stay in front of a header, one after the other. */
const first: readonly (readonly [RegExp, RegExp])[] = [
  [/./, /\uFEFF?/y],
  [/./, /(?:#!.*(?:\r\n|\n|\r|$))?/y],
  [/\.pyi?$/i, /(?:#.*coding[:=].*(?:\r\n|\n|\r|$))?/y],
  [/(?:^|\/)dockerfile$/i, /(?:#[ \t]*(?:syntax|escape|check)[ \t]*=.*(?:\r\n|\n|\r|$))*/iy],
  [/\.(?:html?|xml|svg)$/i, /(?:<\?xml[^>]*>[ \t]*(?:\r\n|\n|\r|$))?/iy],
  [/\.(?:html?|xml|svg)$/i, /(?:<!doctype[^>[]*>[ \t]*(?:\r\n|\n|\r|$))?/iy],
  [/\.css$/i, /(?:@charset "[^"\r\n]*";[ \t]*(?:\r\n|\n|\r|$))?/iy],
  [/\.php$/i, /(?:<\?php\b.*(?:\r\n|\n|\r|$))?/iy],
];

const placeIn = (path: string, text: string): number | undefined => {
  if (/\.(?:md|markdown)$/i.test(path)) {
    const split = splitFrontmatter(text);
    return 'refused' in split ? undefined : text.length - split.body.length;
  }
  let at = 0;
  for (const [kind, line] of first) {
    if (!kind.test(path)) continue;
    line.lastIndex = at;
    at += line.exec(text)?.[0].length ?? 0;
  }
  return at;
};
