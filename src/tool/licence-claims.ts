// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { isRefused } from '../markdown/decode-markdown.ts';
import { splitFrontmatter } from '../markdown/frontmatter.ts';
import { blankBlocks, blankCode } from '../markdown/prose.ts';
import { linesOf } from '../markdown/text-lines.ts';
import type { HeaderStyle } from './header-place.ts';

/** A line of a file, by its number, with the marks of a comment taken off. */
type Line = { readonly line: number; readonly text: string };

/** What a file says of its licence or its holder. */
export type LicenceClaim = {
  readonly line: number;
  /** The line that says it. */
  readonly words: string;
  /** All of the comments, or the visible line. */
  readonly text: string;
  /** In what readers of a document see, such as a badge: no header, but no other licence can stand above it. */
  readonly isVisible: boolean;
};

/** A file says its licence within so many lines, frontmatter included. */
const headLines = 60;

const notice = new RegExp(
  [
    'SPDX-[A-Za-z-]+:',
    '@(?:licen[cs]e|copyright)\\b',
    '\\blicen[cs]e: *\\S',
    '\\b(?:licen[cs]ed|released|distributed|governed) (?:under|by|to) ',
    '\\bsubject to the terms\\b',
    '\\b(?:Mozilla|General) Public Licen[cs]e\\b',
    '\\b(?:Apache|MIT|BSD|ISC|Boost|zlib) (?:Software )?Licen[cs]e\\b',
    '\\bRedistribution and use\\b',
    '\\bPermission (?:is hereby granted|to use)\\b',
    '\\bAll rights reserved\\b',
    '(?:\\bcopyright|©|\\(c\\)) *(?:\\(c\\)|©|by\\b|\\d{4})',
  ].join('|'),
  'iu',
);
const holder = /^\W*(?:Copyright|©|\([cC]\)) +\p{Lu}/mu;

/** Where a file declares a licence or a holder, in any of the usual forms; `undefined` where it is silent. */
export const findClaim = (
  path: string,
  text: string,
  style: HeaderStyle,
): LicenceClaim | undefined => {
  const document = isMarkdown(path) ? linesOfDocument(text) : undefined;
  const hidden = document?.hidden ?? remarksOf(path, text, style);
  return (
    firstOf(hidden) ??
    hiddenHolder(hidden) ??
    document?.visible.map(visibleClaim).find((claim) => claim !== undefined)
  );
};

/** Comments of a file's head, for what else is read there; of a component those in its script, too. */
export const remarksOf = (path: string, text: string, style: HeaderStyle): readonly Line[] => {
  const head = numbered(text).slice(0, headLines);
  const remarks = commentLines(head, style);
  return /\.(?:vue|svelte)$/iu.test(path)
    ? [...remarks, ...commentLines(head, 'line')].sort((a, b) => a.line - b.line)
    : remarks;
};

const isMarkdown = (path: string): boolean => /^\.(?:md|markdown)$/iu.test(posix.extname(path));

const numbered = (text: string, before = 0): readonly Line[] =>
  [...linesOf(text)].map(({ text: line }, at) => ({ line: before + at + 1, text: line }));

/** A notice may go on over lines, so all of them are read as one. */
const firstOf = (lines: readonly Line[]): LicenceClaim | undefined => {
  const text = lines.map((one) => one.text).join(' ');
  const at = notice.exec(text)?.index;
  if (at === undefined) return undefined;
  let start = 0;
  for (const { line, text: words } of lines) {
    if (at < start + words.length + 1) {
      const all = lines.map((one) => one.text).join('\n');
      return { line, words: words.trim(), text: all, isVisible: false };
    }
    start += words.length + 1;
  }
  return undefined;
};

const hiddenHolder = (lines: readonly Line[]): LicenceClaim | undefined => {
  const said = lines.find(({ text }) => holder.test(text));
  return said && { line: said.line, words: said.text.trim(), text: said.text, isVisible: false };
};

const blocks: Readonly<Record<HeaderStyle, readonly (readonly [RegExp, string])[]>> = {
  line: [[/^\s*\/\*+!?/u, '*/']],
  block: [[/^\s*\/\*+!?/u, '*/']],
  hash: [
    [/^\s*"""/u, '"""'],
    [/^\s*'''/u, "'''"],
  ],
  html: [[/^\s*<!--+/u, '-->']],
  dash: [
    [/^\s*\/\*+!?/u, '*/'],
    [/^\s*\{-/u, '-}'],
  ],
};

const marks: Readonly<Record<HeaderStyle, RegExp>> = {
  line: /^\s*\/\/+/u,
  block: /^\s*\/\/+/u,
  hash: /^\s*#+/u,
  html: /^(?!)/u,
  dash: /^\s*--+/u,
};

/** Comments that begin a line, without their marks. */
const commentLines = (lines: readonly Line[], style: HeaderStyle): readonly Line[] => {
  const remarks: Line[] = [];
  let end: string | undefined;
  for (const { line, text } of lines) {
    const plain = line === 1 ? text.replace(/^\uFEFF/u, '') : text;
    const open = end === undefined ? blocks[style].find(([mark]) => mark.test(plain)) : undefined;
    const rest = open ? plain.replace(open[0], '') : plain;
    end ??= open?.[1];
    if (end !== undefined) {
      const stop = rest.indexOf(end);
      const inside = stop < 0 ? rest : rest.slice(0, stop);
      remarks.push({ line, text: inside.replace(/^\s*\*(?!\/)/u, '') });
      if (stop >= 0) end = undefined;
    } else if (marks[style].test(plain)) {
      remarks.push({ line, text: plain.replace(marks[style], '') });
    }
  }
  return remarks;
};

/** A link reference that nothing refers to is how Markdown writes a comment without HTML. */
const linkRemark = /^ {0,3}\[[^\]]*\]: *(?:#|<#?>|\S+) +["'(](.*)["')] *$/u;

/** Frontmatter, comments and link references on one side; on the other what a reader sees. */
const linesOfDocument = (text: string) => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return { hidden: [], visible: [] };
  const before = [...linesOf(split.open + split.yaml + split.close)].length;
  const front = numbered(split.yaml, split.open === '' ? 0 : 1).flatMap(({ line, text: said }) =>
    /^(?:licen[cs]e|copyright|rights)[ \t]*:[ \t]*\S|^[ \t]*#/iu.test(said)
      ? [{ line, text: said.replace(/^[ \t]*#+|(?<=:[ \t]*)["']|["'][ \t]*$/gu, '') }]
      : [],
  );
  const body = numbered(blankCode(split.body), before);
  const head = body.filter(({ line }) => line <= headLines);
  const links = head.flatMap(({ line, text: said }) => {
    const remark = linkRemark.exec(said)?.[1];
    return remark === undefined ? [] : [{ line, text: remark }];
  });
  return {
    hidden: [...front, ...commentLines(head, 'html'), ...links],
    visible: numbered(blankBlocks(split.body), before),
  };
};

const badge = /badge\/licen[cs]e[-:]((?:[^-/\s)]|--)+)-/iu;
const badgeText = /!\[[^\]]{0,100}\blicen[cs]e\b:?[ -]{1,9}([^\]]{1,100})\]/iu;
const said =
  /^[\s>*_-]*(?:©|(?:copyright|\(c\)) *(?:\(c\)|©|\d{4}))|\b(?:is|are) (?:licen[cs]ed|released|distributed) under /iu;

const visibleClaim = ({ line, text }: Line): LicenceClaim | undefined => {
  const name = badge.exec(text)?.[1] ?? badgeText.exec(text)?.[1];
  const words = text.trim();
  if (name !== undefined) {
    const plain = decodeBadge(name);
    return { line, words, text: `License: ${plain}`, isVisible: true };
  }
  return said.test(text) ? { line, words, text, isVisible: true } : undefined;
};

/** A badge writes `-` as `--`, `_` or `%20` for a space. */
const decodeBadge = (name: string): string => name.replaceAll('--', '-').replace(/%20|_/gu, ' ');
