// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isRefused, type Refused } from '../markdown/decode-markdown.ts';
import { splitFrontmatter } from '../markdown/frontmatter.ts';

/** How a header is written as a comment: `//`, a star block, `#`, an HTML comment, or `--`. */
export type HeaderStyle = 'line' | 'block' | 'hash' | 'html' | 'dash';

const extensions: Readonly<Record<HeaderStyle, string>> = {
  line: 'ts tsx mts cts js jsx mjs cjs java kt kts go rs c h cc cpp hpp cs swift scala dart proto groovy gradle scss less php',
  block: 'css',
  hash: 'yaml yml sh bash zsh fish py pyi rb pl toml tf r mk',
  html: 'md markdown html htm xml svg vue svelte',
  dash: 'sql lua hs',
};

const styles: ReadonlyMap<string, HeaderStyle> = new Map(
  (Object.entries(extensions) as [HeaderStyle, string][]).flatMap(([style, list]) =>
    list.split(' ').map((extension) => [extension, style] as const),
  ),
);

const names: ReadonlyMap<string, HeaderStyle> = new Map([
  ['makefile', 'hash'],
  ['dockerfile', 'hash'],
  ['gemfile', 'hash'],
  ['rakefile', 'hash'],
  ['.gitignore', 'hash'],
  ['.gitattributes', 'hash'],
  ['.editorconfig', 'hash'],
]);

const extensionOf = (path: string): string => posix.extname(path).slice(1).toLowerCase();

/** The comment style for a file's type; `undefined` where it has no comments or is not known. */
export const headerStyleOf = (path: string): HeaderStyle | undefined =>
  names.get(posix.basename(path).toLowerCase()) ?? styles.get(extensionOf(path));

/** Lines that must stay first, by file extension or name; each is tried in turn, once. */
const leading: readonly (readonly [files: RegExp, line: RegExp])[] = [
  [/./, /^#![^\r\n]*(?:\r\n|\n|\r|$)/],
  [/\.(?:py|pyi)$/i, /^#[^\r\n]*coding[:=][^\r\n]*(?:\r\n|\n|\r|$)/],
  [/(?:^|\/)dockerfile$/i, /^(?:#[ \t]*(?:syntax|escape|check)[ \t]*=[^\r\n]*(?:\r\n|\n|\r|$))+/i],
  [/\.(?:xml|svg|html?)$/i, /^<\?xml[^>]*\?>[ \t]*(?:\r\n|\n|\r|$)/i],
  [/\.(?:xml|svg|html?)$/i, /^<!doctype[^>[]*>[ \t]*(?:\r\n|\n|\r|$)/i],
  [/\.css$/i, /^@charset "[^"\r\n]*";[ \t]*(?:\r\n|\n|\r|$)/i],
  [/\.php$/i, /^<\?php\b[^\r\n]*(?:\r\n|\n|\r|$)/i],
];

/** What site generators give frontmatter to beside Markdown; a comment above it would undo it. */
const templates = /\.(?:html?|xml|svg|css|scss|less|[cm]?js)$/i;

/**
 * Offset where a header belongs: after a byte order mark, Markdown's frontmatter, a `#!` line, and
 * what else a file type needs first. Refuses Markdown whose frontmatter is not YAML or cannot be told
 * from text.
 */
export const headerOffset = (path: string, text: string): number | Refused => {
  if (/\.(?:md|markdown)$/i.test(path)) {
    const split = splitFrontmatter(text);
    return isRefused(split) ? split : text.length - split.body.length;
  }
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  if (templates.test(path) && /^---[ \t]*(?:[\r\n]|$)/.test(text.slice(at, at + 4096))) {
    return { refused: 'has frontmatter, and in a file of this type a header has no known place' };
  }
  for (const [files, line] of leading) {
    if (files.test(path)) at += line.exec(text.slice(at, at + 4096))?.[0].length ?? 0;
  }
  return at;
};
