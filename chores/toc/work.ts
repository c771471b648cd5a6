// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy } from '../../src/chore/patch.ts';
import { Declined } from '../../src/chore/script.ts';
import type { Work } from '../../src/chore/work.ts';
import type { CodeHands } from '../../src/code/hands.ts';
import { isRefused, type Refused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { headingsOf } from '../../src/markdown/headings.ts';
import { blankShownCode } from '../../src/markdown/prose.ts';
import { lineBreakOf } from '../../src/markdown/text-lines.ts';
import { addressesOf, labelOf } from './contents.ts';

type Args = {
  readonly files?: readonly string[];
  readonly heading?: string;
  readonly depth?: number;
};

/** Page by page; those without the marks are left, and named where the sentence means them. */
export const work: Work<Args, CodeHands> = function* (args, { tree }) {
  const { files = [] } = args;
  const isPage = (path: string): boolean => /\.(?:md|markdown)$/i.test(path);
  const paths = (yield* tree.files()).filter(
    (path) => isPage(path) && coveredBy(files)(path) && tree.mayWrite(path),
  );
  const marked = (yield* tree.lines('tocstop'))?.map(({ path }) => path);
  const left: { readonly path: string; readonly reason: string }[] = [];
  let [count, able] = [0, 0];
  for (const path of paths) {
    if (marked && !marked.includes(path)) {
      if (files.length > 0) left.push({ path, reason: noMarks });
      continue;
    }
    const text = yield* tree.read(path);
    const edit = editOf(text, args);
    if (isRefused(edit)) {
      left.push({ path, reason: edit.refused });
      continue;
    }
    able += 1;
    if (text.slice(edit.start, edit.end) === edit.text) continue;
    yield* tree.edit(path, [edit]);
    count += 1;
  }
  const reasons = left.map(({ path, reason }) => `${path} ${reason}`);
  if (able === 0 || left.some(({ path }) => files.includes(path)))
    throw new Declined(reasons.slice(0, 10).join('; ') || `no page ${noMarks.slice(4)}`);
  const others = reasons.length > 0 ? `; not in: ${reasons.slice(0, 10).join('; ')}` : '';
  return { notes: `toc: ${count} of ${able} pages${others}`, left };
};

const noMarks = 'has no line `<!-- toc -->` with a line `<!-- tocstop -->` below it';

/** What is to stand between the marks, and where; or why it cannot be written. */
const editOf = (
  text: string,
  { heading, depth = 6 }: Args,
): { readonly start: number; readonly end: number; readonly text: string } | Refused => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  const { body, eol } = { ...split, eol: lineBreakOf(text) };
  const marks = [
    ...blankShownCode(body).matchAll(
      /^ {0,3}<!--[ \t]*(toc|tocstop)[ \t]*-->[ \t]*(?:\r?\n|\r|$)/gim,
    ),
  ];
  const [first, second] = marks;
  if (!first || !second || first[1]?.toLowerCase() !== 'toc') return { refused: noMarks };
  if (marks.length > 2 || second[1]?.toLowerCase() !== 'tocstop')
    return { refused: 'has the marks of more than one table of contents' };
  const start = first.index + first[0].length;
  const above = headingsOf(body.slice(0, first.index));
  const own = heading === undefined ? [] : headingsOf(heading);
  const below = headingsOf(body.slice(second.index + second[0].length));
  const all = [...above, ...own, ...below];
  const labels = all.map(({ source }) => labelOf(source));
  const odd = labels.indexOf(undefined);
  if (odd !== -1)
    return {
      refused: `has a heading whose address is not known ("${all[odd]?.source.slice(0, 60)}")`,
    };
  const addresses = addressesOf(labels.map((label) => label ?? ''));
  const listed = below.flatMap((one, index) => {
    const at = above.length + own.length + index;
    return one.level <= depth && addresses[at]
      ? [{ level: one.level, label: labels[at], address: addresses[at] }]
      : [];
  });
  const top = Math.min(...listed.map(({ level }) => level));
  const [, bullet = '-'] = /^ {0,3}([-*+])[ \t]/m.exec(body.slice(start, second.index)) ?? [];
  const list = listed.map(
    ({ level, label, address }) => `${'  '.repeat(level - top)}${bullet} [${label}](#${address})`,
  );
  const blocks = [
    ...(heading === undefined ? [] : [[heading]]),
    ...(list.length > 0 ? [list] : []),
  ];
  const before = text.length - body.length;
  return {
    start: before + start,
    end: before + second.index,
    text: blocks.map((lines) => eol + lines.map((line) => line + eol).join('')).join('') + eol,
  };
};
