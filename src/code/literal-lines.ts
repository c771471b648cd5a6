// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { loadTypeScript } from '../data/load-typescript.ts';
import { splitFrontmatter } from '../markdown/frontmatter.ts';
import { blankShownCode } from '../markdown/prose.ts';
import { nodesOf } from './nodes.ts';
import { isSource } from './script-of.ts';
import { parseSource } from './syntax.ts';

const isMarkdown = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);

/** Kinds of text in which blanks at the end of a line never mean anything. */
const isPlain = (path: string): boolean => /\.(?:jsonc?|css|scss|less|txt)$/i.test(path);

/** Whether it is known of a file's kind which blanks at the ends of lines mean something. */
export const isKnownText = (path: string): boolean =>
  isMarkdown(path) || isPlain(path) || isSource(path);

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
    for (let line = lineOf(node.getStart(file)); line < lineOf(node.end); line += 1)
      lines.add(line);
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
  // A letter at the end of each line is blanked where the line is code.
  const shown = blankShownCode(
    lines.map((line) => (/^[ \t>]*(?:`{3}|~{3})/.test(line) ? line : `${line}x`)).join('\n'),
  ).split('\n');
  const literal = new Set(Array.from({ length: before }, (_, index) => index));
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? '';
    const breaks = /\S {2,}\r?$/.test(line) && next.trim() !== '';
    if (breaks || shown[index]?.trimEnd().endsWith('x') === false) literal.add(before + index);
  }
  return literal;
};
