// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';
import { nodesOf } from '../../../src/code/nodes.ts';
import type { Compiler } from '../../../src/data/load-typescript.ts';

type Rename = { readonly from: string; readonly to: string };

/** A piece of a text that speaks to people: a comment, or a line of a document. */
export type SaidPiece = { readonly start: number; readonly text: string };

/** Every comment of a file, in order. */
export const commentsIn = (compiler: Compiler, file: ts.SourceFile): readonly SaidPiece[] => {
  const pieces = new Map<number, SaidPiece>();
  const collect = (at: number): void => {
    for (const { pos, end } of [
      ...(compiler.getLeadingCommentRanges(file.text, at) ?? []),
      ...(compiler.getTrailingCommentRanges(file.text, at) ?? []),
    ]) {
      pieces.set(pos, { start: pos, text: file.text.slice(pos, end) });
    }
  };
  const visit = (node: ts.Node): void => {
    if (compiler.isJSDoc(node) || compiler.isJsxText(node)) return;
    collect(node.getFullStart());
    if (!compiler.isTemplateHead(node) && !compiler.isTemplateMiddle(node)) collect(node.getEnd());
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return [...pieces.values()].sort((a, b) => a.start - b.start);
};

/** The lines of a document below its front matter. */
export const linesIn = (text: string): readonly SaidPiece[] => {
  const lines: SaidPiece[] = [];
  let start = /^\uFEFF?---\s*\n[\s\S]*?\n---\s*\n/u.exec(text)?.[0].length ?? 0;
  for (const line of text.slice(start).split(/(?<=\n)/u)) {
    lines.push({ start, text: line });
    start += line.length;
  }
  return lines;
};

/** Names in doc comments that stand for something: these are no mere words. */
export const namedInDocs = (
  compiler: Compiler,
  program: ts.Program,
  file: ts.SourceFile,
  word: string,
): ReadonlySet<number> => {
  const checker = program.getTypeChecker();
  const places = new Set<number>();
  for (const node of nodesOf(compiler, file)) {
    if (!compiler.isIdentifier(node) || node.text !== word) continue;
    if (!compiler.findAncestor(node, compiler.isJSDoc)) continue;
    const { parent } = node;
    const isName = (parent as { readonly name?: ts.Node }).name === node;
    const isLink =
      compiler.isJSDocLink(parent) ||
      compiler.isJSDocLinkCode(parent) ||
      compiler.isJSDocLinkPlain(parent) ||
      compiler.isJSDocNameReference(parent);
    if ((isName && !isLink) || checker.getSymbolAtLocation(node)) places.add(node.getStart(file));
  }
  return places;
};

const forTools =
  /^\/\/\/\s*<|^\/[/*]+[\s*]*(?:@?(?:ts-|eslint|biome|prettier|oxlint|istanbul|c8|v8|node:|webpack|tslint|js[hl]int|deno-|cspell|globals?\b|exported\b|jsx|jest|vitest|vite|flow|license|preserve|cc_on)|[@#]__|[@#]\s*source)/u;

const inFileName =
  /(?:^|[\s`'"([{<,;|*])(?:(?:\.{0,2}\/|[@~#]|[a-z]+:(?=\S))[^\s`'"()[\]{}<>|,;*]*|[^\s`'"()[\]{}<>|,;*]*\.(?:[cm]?[jt]sx?|json|mdx?|vue|svelte|astro|html?|css|ya?ml|txt|png|svg)\b[^\s`'"()[\]{}<>|,;*]*)/gu;

/**
 * The places of words in the pieces that are written as the new name there: what a piece of the patched
 * text says that is the same but for them.
 */
export const saidAnew = (
  pieces: readonly SaidPiece[],
  patched: readonly string[],
  { from, to }: Rename,
  others: readonly Rename[],
  isFixed: (at: number) => 'reference' | boolean,
): readonly number[] => {
  const places: number[] = [];
  let next = 0;
  for (const { start, text } of pieces) {
    const words = [...text.matchAll(/[\p{ID_Continue}$\u200c\u200d]+/gu)];
    const free: number[] = [];
    let pattern = '';
    let end = 0;
    const skipped = forTools.test(text) ? undefined : [...text.matchAll(inFileName)];
    for (const { 0: word, index } of words) {
      pattern += escaped(text.slice(end, index));
      end = index + word.length;
      const fixed = isFixed(start + index);
      const isPath = skipped?.some(
        (one) => one.index <= index && index < one.index + one[0].length,
      );
      if (word === from && fixed === 'reference') pattern += escaped(to);
      else if (word === from && !fixed && skipped && !isPath) {
        free.push(start + index);
        pattern += `(${escaped(from)}|${escaped(to)})`;
      } else {
        const other = others.find((one) => one.from === word || one.to === word);
        pattern += other ? `(?:${escaped(other.from)}|${escaped(other.to)})` : escaped(word);
      }
    }
    if (free.length === 0) continue;
    const whole = new RegExp(`^${pattern}${escaped(text.slice(end))}$`, 'u');
    const at = patched.findIndex((one, index) => index >= next && whole.test(one));
    if (at === -1) continue;
    next = at + 1;
    const match = whole.exec(patched[at] ?? '');
    places.push(...free.filter((_, index) => match?.[index + 1] === to));
  }
  return places;
};

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
