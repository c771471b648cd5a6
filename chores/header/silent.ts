// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import type ts from 'typescript';
import { isSource } from '../../src/code/script-of.ts';
import { loadTypeScript } from '../../src/data/load-typescript.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { blankBlocks, blankShownCode } from '../../src/markdown/prose.ts';
import { namesLicence } from '../../src/spec/licence.ts';
import { kindOf } from './renditions.ts';

/** So far a file is read for what it says of itself. */
const lastLine = 60;

/** Whether a text has any word of licences, holders or generators in it: so one cannot say that it lacks a header. */
export const mayBeSpoken = (text: string): boolean =>
  /licen[cs]|copyright|©|\(c\)|spdx|all rights|generated|do not edit|permission|redistribut/i.test(
    text,
  );

/** Why a text takes no header (`it ...`); `licence` is what the header names. */
export const reasonAgainst = (
  path: string,
  text: string,
  licence: string | undefined,
): string | undefined => {
  const name = posix.basename(path);
  const isPage = kindOf(path) === 'markup';
  const isNote = isPage && /^\.m/i.test(posix.extname(name));
  if (
    isPage &&
    /^(?:license|licence|unlicense|unlicence|copying|copyright|notice)\b/i.test(
      name.replaceAll('_', '-'),
    )
  )
    return 'is a licence or a notice';
  if (isPage && path.split('/').some((part) => /^LICEN[CS]ES$/.test(part))) return 'is a licence';
  const lines = text.split(/\r\n|\n|\r/);
  if (/\.min\./i.test(name) || (!isNote && lines.some((line) => line.length > 5000)))
    return 'is minified';
  if (name === 'pnpm-lock.yaml') return 'is generated';
  if (text.includes('\0')) return 'is no text';
  if (/^version https:\/\/git-lfs/.test(text)) return 'is a pointer to another file';
  if (/^(?:<{7}|>{7}|\|{7})(?:\s|$)/m.test(blankShownCode(text))) return 'has marks of a conflict';
  if (/^\uFEFF#!/.test(text)) return 'has a byte order mark before #!';
  const opening = text.replace(/^\uFEFF?(?:#!.*)?\s*/, '');
  const block = opening.startsWith('/*') ? opening.slice(0, opening.indexOf('*/') + 1) : '';
  if (/@jest-|@(?:no)?(?:format|prettier|flow)\b/.test(block))
    return 'begins with a comment that a tool reads';
  if (!isNote && /^---\s*$/.test(lines[0]?.replace('\uFEFF', '') ?? '') && isTemplate(path))
    return 'begins with frontmatter';
  if (isNote) return reasonOfNote(text, licence);
  return reasonIn(remarksOf(path, lines.slice(0, lastLine).join('\n')));
};

const isTemplate = (path: string): boolean => {
  const kind = kindOf(path);
  return kind === 'markup' || kind === 'style' || /\.(?:scss|less|[cm]?js)$/i.test(path);
};

const reasonOfNote = (text: string, licence: string | undefined): string | undefined => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split.refused;
  const front = split.yaml
    .split(/[\r\n]+/)
    .filter((line) => /^(?:licen[cs]e|copyright|rights)\s*:\s*\S|^\s*#/i.test(line));
  const before = split.open + split.yaml + split.close;
  const shown = blankShownCode(split.body).split(/\r\n|\n|\r/);
  const head = shown.slice(0, Math.max(0, lastLine - (before.match(/\r\n|\n|\r/g)?.length ?? 0)));
  const hidden = [...front, ...remarksOf('a.md', head.join('\n'))];
  const reason = reasonIn(hidden);
  if (reason !== undefined) return reason;
  const told = blankBlocks(split.body)
    .split(/[\r\n]+/)
    .map(claimShown)
    .find((claim) => claim !== '' && (licence === undefined || !namesLicence(claim, licence)));
  return told === undefined ? undefined : `tells readers "${told.trim().slice(0, 60)}"`;
};

/** What a line that readers see claims; '' where it claims nothing. */
const claimShown = (line: string): string => {
  const [, badge] = /badge\/licen[cs]e(?:-|:)((?:--|[^-/\s)])+)-/i.exec(line) ?? [];
  if (badge !== undefined)
    return `License: ${badge.replaceAll('--', '-').replaceAll('%20', ' ').replaceAll('_', ' ')}`;
  const [, words] = /!\[[^\]]{0,100}?licen[cs]e\b:?[ -]{1,9}([^\]]{1,100})\]/i.exec(line) ?? [];
  if (words !== undefined) return `License: ${words}`;
  const plain = line.replace(/^[\s>*_-]+/, '');
  const isHolder = /^(?:©|(?:copyright|\(c\)) *(?:©|\(c\)|\d{4}))/i.test(plain);
  return isHolder || /\b(?:is|are) (?:licen[cs]ed|released|distributed) under /i.test(plain)
    ? line
    : '';
};

/** Each remark, with its marks. */
const remarksOf = (path: string, head: string): readonly string[] =>
  isSource(path) ? commentsOfSource(path, head) : remarkLines(path, head.split('\n'));

/** What the compiler passes over between the words of the code. */
const commentsOfSource = (path: string, head: string): readonly string[] => {
  const compiler = loadTypeScript();
  const file = compiler.createSourceFile(path, head, compiler.ScriptTarget.Latest, true);
  const ranges = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    for (const range of [
      ...(compiler.getLeadingCommentRanges(head, node.getFullStart()) ?? []),
      ...(compiler.getTrailingCommentRanges(head, node.getEnd()) ?? []),
    ])
      ranges.set(range.pos, range);
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  return [...ranges.values()].map(({ pos, end }) => head.slice(pos, end));
};

const opens: Readonly<Record<string, readonly [string, string][]>> = {
  script: [['/*', '*/']],
  style: [['/*', '*/']],
  query: [['/*', '*/']],
  hash: [
    ['"""', '"""'],
    ["'''", "'''"],
  ],
  dash: [['{-', '-}']],
  markup: [['<!--', '-->']],
};
const lineMark: Readonly<Record<string, string>> = {
  script: '//',
  query: '--',
  hash: '#',
  dash: '--',
};

/** Lines that are comments or stand in one that began a line. */
const remarkLines = (path: string, lines: readonly string[]): readonly string[] => {
  const isComponent = /\.(?:vue|svelte)$/i.test(path);
  // Its script and its style have comments of their own.
  if (isComponent) return ['a.html', 'a.scss'].flatMap((part) => remarkLines(part, lines));
  const kind = kindOf(path) ?? '';
  const remarks: string[] = [];
  let close: string | undefined;
  for (const line of lines) {
    const bare = line.replace(/^\uFEFF/, '').trim();
    const pair =
      close === undefined ? opens[kind]?.find(([open]) => bare.startsWith(open)) : undefined;
    const inside = pair ? bare.slice(pair[0].length) : bare;
    close ??= pair?.[1];
    const mark = lineMark[kind];
    if (close !== undefined || (mark !== undefined && bare.startsWith(mark))) remarks.push(inside);
    else if (kind === 'markup' && /^\[[^\]]*\]: *\S+ +["'(]/.test(bare)) remarks.push(bare);
    if (close !== undefined && inside.includes(close)) close = undefined;
  }
  return remarks;
};

const signs: readonly RegExp[] = [
  /SPDX-[\w-]+:/i,
  /@(?:licen[cs]e|copyright)\b|\blicen[cs]e: *\S/i,
  /\b(?:licen[cs]ed|released|distributed|governed) (?:under|by|to) /i,
  /\bsubject to the terms\b|\ball rights reserved\b/i,
  /\b(?:Mozilla|General|European Union) Public Licen[cs]e\b/i,
  /\b(?:Apache|MIT|BSD|ISC|Boost|zlib)(?: Software|-\d-Clause)?[ -]Licen[cs]e\b/i,
  /\bRedistribution and use\b|\bPermission (?:is hereby granted|to use)\b/i,
  /(?:\bcopyright|©|\(c\)) *(?:\(c\)|©|by\b|\d{4})/i,
];

const reasonIn = (remarks: readonly string[]): string | undefined => {
  const lines = remarks.flatMap((remark) => remark.split(/\r\n|\n|\r/)).map(unmarked);
  const words = lines.join(' ').replace(/\s+/g, ' ');
  if (/\bdo not edit\b|@generated\b/i.test(words)) return 'is generated';
  const isHolder = lines.some((line) => /^\W*(?:Copyright|©|\([cC]\)) +\p{Lu}/u.test(line));
  return isHolder || signs.some((sign) => sign.test(words))
    ? 'declares a licence or a holder already'
    : undefined;
};

const unmarked = (line: string): string =>
  line
    .trim()
    .replace(/^(?:\/\/+!?|\/\*+!?|\*+(?!\/)|#+|--+|<!--+|"""|''')/, '')
    .trim();
