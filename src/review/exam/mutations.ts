// SPDX-License-Identifier: GPL-3.0-only
import type { Random } from './seeded-random.ts';

/** Changes a text for the worse; `undefined` where there is nothing of that sort to change. */
export type Mutation = (text: string, random: Random) => string | undefined;

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const indexesOf = (lines: readonly string[], wanted: (line: string) => boolean) =>
  lines.flatMap((line, index) => (wanted(line) ? [index] : []));

const hasText = (line: string): boolean => /[\p{L}\p{N}]/u.test(line);

/** Replaces one match of a pattern, chosen at random. */
export const replaceOne =
  (pattern: RegExp, replacement: (match: string, random: Random) => string): Mutation =>
  (text, random) => {
    const matches = [...text.matchAll(pattern)];
    if (matches.length === 0) return undefined;
    const { 0: old, index } = random.pick(matches);
    return text.slice(0, index) + replacement(old, random) + text.slice(index + old.length);
  };

/** Takes out one line that says something. */
export const dropLine: Mutation = (text, random) => {
  const lines = linesOf(text);
  const choices = indexesOf(lines, hasText);
  if (choices.length < 2) return undefined;
  const at = random.pick(choices);
  return lines.filter((_, index) => index !== at).join('');
};

/** Says one line twice. */
export const repeatLine: Mutation = (text, random) => {
  const lines = linesOf(text);
  const choices = indexesOf(lines, (line) => hasText(line) && line.endsWith('\n'));
  if (choices.length === 0) return undefined;
  const at = random.pick(choices);
  return lines.flatMap((line, index) => (index === at ? [line, line] : [line])).join('');
};

/** Lets two neighbouring, different lines change places. */
export const swapLines: Mutation = (text, random) => {
  const lines = [...linesOf(text)];
  const choices = indexesOf(lines, (line) => line.endsWith('\n')).filter((index) => {
    const [line, next] = [lines[index], lines[index + 1]];
    return next?.endsWith('\n') && line !== next && hasText(line ?? '') && hasText(next);
  });
  if (choices.length === 0) return undefined;
  const at = random.pick(choices);
  const [line = '', next = ''] = lines.slice(at, at + 2);
  lines.splice(at, 2, next, line);
  return lines.join('');
};

/** Puts another word for one. */
export const changeWord: Mutation = replaceOne(
  /(?<![\p{L}\p{N}])\p{L}{4,}(?![\p{L}\p{N}])/gu,
  (word, random) =>
    random.pick(['other', 'never', 'something', 'elsewhere'].filter((other) => other !== word)),
);

/** Makes a number another one. */
export const changeNumber: Mutation = replaceOne(
  /(?<![\p{L}\p{N}.])\d+(?![\p{L}\p{N}.])/gu,
  (digits, random) => String(Number(digits) + 1 + random.int(9)),
);

/** Ends all lines in the other way. */
export const changeLineEnds: Mutation = (text) =>
  !text.includes('\n')
    ? undefined
    : text.includes('\r\n')
      ? text.replaceAll('\r\n', '\n')
      : text.replaceAll('\n', '\r\n');

/** Tidies white space that nobody asked to tidy. */
export const trimSpace: Mutation = (text) => {
  const trimmed = text.replace(/[ \t]+(?=\r?\n)/g, '').replace(/(?:\r?\n)+$/, '');
  return trimmed === text ? undefined : trimmed;
};

/** Adds a line that nobody asked for, below one that fits the pattern. */
export const addLine =
  (line: string, below = /\n$/): Mutation =>
  (text, random) => {
    const lines = [...linesOf(text)];
    const ends = indexesOf(lines, (one) => one.endsWith('\n') && below.test(one));
    if (ends.length === 0) return undefined;
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    lines.splice(random.pick(ends) + 1, 0, `${line}${eol}`);
    return lines.join('');
  };
