// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import type { Compiler } from '../../../src/data/load-typescript.ts';

/** Comments by which a tool is told something. */
const directive =
  /^\/\/\/\s*<|^(?:\/\/+|\/\*+)[\s*]*(?:[#@](?:__|source|ts-|vite|jsx|jest|vitest|flow|license|preserve|cc_on)|eslint|biome|prettier|oxlint|istanbul|c8|v8|node:|webpack|tslint|jshint|jslint|globals?\b|exported\b|deno-|cspell)/u;

/** Whether a place of a text is in a comment that speaks to people. */
export const readComments = (
  compiler: Compiler,
  file: ts.SourceFile,
): ((at: number) => boolean) => {
  const spans = tokenSpans(compiler, file);
  return (at) => {
    const next = spans.findIndex(([, end]) => end > at);
    const [start, end] = spans[next] ?? [file.text.length, file.text.length];
    if (start <= at && at < end) return false;
    const from = next === 0 ? 0 : ((next === -1 ? spans.at(-1) : spans[next - 1])?.[1] ?? 0);
    const comment = [
      ...file.text.slice(from, start).matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\//gu),
    ].find((one) => from + one.index <= at && at < from + one.index + one[0].length);
    return comment !== undefined && !directive.test(comment[0]);
  };
};

/** Where tokens are, in order: everything else is white space or a comment. */
const tokenSpans = (
  compiler: Compiler,
  file: ts.SourceFile,
): readonly (readonly [number, number])[] => {
  const spans: (readonly [number, number])[] = [];
  const visit = (node: ts.Node): void => {
    if (compiler.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0) for (const child of children) visit(child);
    else if (node.kind === compiler.SyntaxKind.JsxText) spans.push([node.pos, node.end]);
    else if (node.getEnd() > node.getStart(file)) spans.push([node.getStart(file), node.getEnd()]);
  };
  visit(file);
  return spans.sort(([a], [b]) => a - b);
};

const docs = /\.(?:md|markdown|txt|rst|adoc)$/iu;

/** Whether a file is a document for people, of words alone. */
export const isDocument = (path: string): boolean => docs.test(path);

/** Where a document's text begins: its front matter has keys, and those are no prose. */
export const startOfProse = (text: string): number =>
  /^\uFEFF?---\r?\n[\s\S]*?\r?\n---\r?\n/u.exec(text)?.[0].length ?? 0;

/** Whether a word is a part of a path, an address or a file's name. */
export const isInPath = (text: string, at: number, word: string): boolean => {
  const before = /[^\s`'"()[\]{}<>|,;*]*$/u.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? '';
  const after = /^[^\s`'"()[\]{}<>|,;*]*/u.exec(text.slice(at + word.length, at + 200))?.[0] ?? '';
  const run = `${before}${word}${after}`;
  return (
    /^(?:\.{0,2}\/|[@~#]|[a-z]+:.)/u.test(run) ||
    /\.(?:[cm]?[jt]sx?|json|md|mdx|vue|svelte|astro|html?|css|ya?ml|txt|png|svg)\b/u.test(run)
  );
};
