// SPDX-License-Identifier: GPL-3.0-only
import type ts from 'typescript';

/** Lines of a text, from the start of a statement to the end of one. */
export type Lines = { readonly start: number; readonly end: number };

/**
 * Puts a statement of another text, whole lines of it, behind the first `count` statements of this one: on
 * the line, and with or without an empty one, where it is most like its place in the other text.
 */
export const insertStatement = (
  file: ts.SourceFile,
  count: number,
  other: ts.SourceFile,
  { start: first, end: last }: Lines,
): string => {
  const eol = /\r?\n/u.exec(file.text)?.[0] ?? '\n';
  const source = other.text.slice(first, last);
  const from = file.statements[count - 1]?.getEnd() ?? 0;
  const to = file.statements[count]?.getStart(file) ?? file.text.length;
  const positions = [...file.text.slice(from, to).matchAll(/\n/gu)].map(
    ({ index }) => from + index + 1,
  );
  if (from === 0) positions.unshift(file.text.startsWith('\uFEFF') ? 1 : 0);
  if (to === file.text.length && !file.text.endsWith('\n')) positions.push(to);
  const atEnd = other.text.length === last && !file.text.endsWith('\n');
  let best = { text: file.text, likeness: -1 };
  for (const position of positions) {
    const head = file.text.slice(0, position);
    const tail = file.text.slice(position);
    const start = head === '' || head.endsWith('\n') || head === '\uFEFF' ? '' : eol;
    for (const [before, after] of [
      ['', ''],
      [eol, ''],
      ['', eol],
    ]) {
      const end = atEnd && tail === '' ? '' : eol;
      const at = head.length + start.length + (before ?? '').length;
      const text = `${head}${start}${before}${source}${end}${after}${tail}`;
      const likeness =
        likenessOf(text.slice(0, at), other.text.slice(0, first), true) +
        likenessOf(text.slice(at), other.text.slice(first), false);
      if (likeness > best.likeness) best = { text, likeness };
    }
  }
  return best.text;
};

const mostLines = 40;

/** How many lines are the same, from the end or from the start on. */
const likenessOf = (one: string, other: string, backwards: boolean): number => {
  const [a, b] = [one, other].map((text) => {
    const lines = text.split('\n');
    return (backwards ? lines.toReversed() : lines).slice(0, mostLines);
  });
  const end = (a ?? []).findIndex((line, index) => line !== b?.[index]);
  return end === -1 ? mostLines : end;
};
