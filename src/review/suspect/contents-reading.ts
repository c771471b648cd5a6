// SPDX-License-Identifier: GPL-3.0-only
import { headingsOf } from '../../markdown/headings.ts';

const marks = /<!-- *toc *-->([\s\S]*?)<!-- *(?:tocstop|\/toc) *-->/i;
const row = /^([ \t]*)[-*] \[(.*)\]\((.*)\)$/;

/** A table of contents beside the headings below it; `undefined` where the text had none. */
export const readContents = (before: string, after: string): string | undefined => {
  const [old, now] = [before, after].map((body) => marks.exec(body.replaceAll('\r', '')));
  if (!old) return undefined;
  if (!now) return 'contents: marks gone';
  const outside = (body: string, { 0: whole, index }: RegExpExecArray) => {
    const text = body.replaceAll('\r', '');
    return `${text.slice(0, index)}\n${text.slice(index + whole.length)}`.trimEnd();
  };
  const headings = headingsOf(after.replaceAll('\r', '').slice(now.index + now[0].length));
  const top = Math.min(...headings.map(({ level }) => level));
  const lines = (now[1] ?? '').split('\n').filter((line) => line.trim() !== '');
  const rows = lines.flatMap((line) => {
    const match = row.exec(line);
    return match ? [match] : [];
  });
  const alike = rows.filter(([, indent = '', words = '', address = ''], at) => {
    const heading = headings[at];
    return (
      heading !== undefined &&
      words === heading.text &&
      address === `#${slugOf(heading.text)}` &&
      indent.length === 2 * (heading.level - top)
    );
  }).length;
  const rest = outside(before, old) === outside(after, now) ? 'rest as before' : 'rest changed';
  const isDone = alike === rows.length && alike === headings.length;
  const count = isDone
    ? 'rows are the headings'
    : `${rows.length - alike} rows unlike, ${headings.length - alike} headings without`;
  return `contents: ${count}; ${lines.length - rows.length} other lines; ${rest}`;
};

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
