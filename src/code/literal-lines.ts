// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { loadTypeScript } from '../data/load-typescript.ts';
import { isMarkdown } from '../markdown/decode-markdown.ts';
import { splitFrontmatter } from '../markdown/frontmatter.ts';
import { blankShownCode } from '../markdown/prose.ts';
import { nodesOf } from './nodes.ts';
import { isSource } from './script-of.ts';
import { parseSource } from './syntax.ts';

/** Kinds of text in which blanks at the end of a line never mean anything. */
const isPlain = (path: string): boolean => /\.(?:jsonc?|css|scss|less|txt)$/i.test(path);

/** Whether it is known of a file's kind which blanks at the ends of lines mean something. */
export const isKnownText = (path: string): boolean =>
  isMarkdown(path) || isPlain(path) || isSource(path);

/** Other kinds of text to which a line break at the end means nothing; to YAML it is part of a text. */
const lined =
  /\.(?:toml|ini|py|rb|go|rs|java|kts?|c|h|cc|[ch]pp|cs|swift|php|sh|bash|zsh|sql|graphql|html?|xml|svg|vue|svelte|astro|mdx)$|(?:^|\/)(?:Makefile|Dockerfile|\.gitignore|\.gitattributes|\.editorconfig)$/i;

/** Whether a file of this kind may always end with a line break. */
export const endsWithBreak = (path: string): boolean => isKnownText(path) || lined.test(path);

/**
 * The lines of a text, counted from 0, whose blanks at the end mean something: in template literals and
 * other strings over several lines; in Markdown those of code and frontmatter, and those that break a line.
 */
export const literalLines = (path: string, text: string): ReadonlySet<number> => {
  if (isMarkdown(path)) return markdownLines(text);
  return isSource(path) ? sourceLines(path, text) : new Set();
};

const sourceLines = (path: string, text: string): ReadonlySet<number> => {
  const compiler = loadTypeScript();
  const file = parseSource(compiler, path, text);
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line;
  const lines = new Set<number>();
  for (const node of nodesOf(compiler, file)) {
    if (!isLongText(compiler, node)) continue;
    const start = compiler.isJsxText(node) ? node.pos : node.getStart(file);
    for (let line = lineOf(start); line < lineOf(node.end); line += 1) lines.add(line);
  }
  return lines;
};

const isLongText = (compiler: typeof ts, node: ts.Node): boolean =>
  compiler.isStringLiteralLike(node) ||
  compiler.isTemplateHead(node) ||
  compiler.isTemplateMiddleOrTemplateTail(node) ||
  compiler.isJsxText(node);

const markdownLines = (text: string): ReadonlySet<number> => {
  const split = splitFrontmatter(text);
  const body = 'body' in split ? split.body : '';
  const before = text.slice(0, text.length - body.length).split('\n').length - 1;
  const lines = body.split('\n');
  // A letter at the end of each line of words is blanked where the line is code.
  const isMark = (line: string): boolean => /^[ \t>]*(?:`{3}|~{3})/.test(line);
  const marked = lines.map((line) => (line.trim() === '' || isMark(line) ? line : `${line}x`));
  const shown = blankShownCode(marked.join('\n')).split('\n');
  const isCode = (index: number): boolean =>
    lines[index] !== undefined && !shown[index]?.trimEnd().endsWith('x');
  const literal = new Set(Array.from({ length: before }, (_, index) => index));
  let last = -1;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const breaks = /\S {2,}\r?$/.test(line) && lines[index + 1]?.trim();
    if (breaks || isCode(index)) literal.add(before + index);
    // Empty lines between two of code are code.
    for (let at = last + 1; at < index && isCode(last) && isCode(index); at += 1)
      literal.add(before + at);
    last = index;
  }
  return literal;
};
