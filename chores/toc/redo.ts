// SPDX-License-Identifier: GPL-3.0-only
import { type Judge, readOthers } from '../../src/chore/patch.ts';
import { isRefused } from '../../src/markdown/decode-markdown.ts';
import { splitFrontmatter } from '../../src/markdown/frontmatter.ts';
import { headingsOf } from '../../src/markdown/headings.ts';
import { blankShownCode } from '../../src/markdown/prose.ts';
import { linesOf } from '../../src/markdown/text-lines.ts';
import { selectPaths } from '../../src/spec/scope.ts';

type Args = {
  readonly files?: readonly string[];
  readonly heading?: string;
  readonly depth?: number;
};

/** Writes the table again; also that of pages that are not in the patch. */
export const redo: Judge<Args> = function* (args, patch, texts) {
  const globs = args.files?.length ? args.files : ['**'];
  const isMeant = (path: string): boolean =>
    ['.md', '.markdown'].some((end) => path.toLowerCase().endsWith(end)) &&
    selectPaths([path], globs).length > 0;
  const meant = new Map<string, string>();
  for (const path of patch.paths.filter(isMeant)) {
    const text = texts.get(path);
    if (text !== undefined) meant.set(path, text);
  }
  for (const [path, text] of yield* readOthers(patch, isMeant)) meant.set(path, text);
  const done = new Map<string, string>();
  for (const [path, text] of meant) {
    const written = write(text, args);
    if (written !== undefined && (written !== text || patch.patched.has(path)))
      done.set(path, written);
  }
  return { texts: done, findings: [] };
};

/** The page with its table; `undefined` where it has no place for one, or none can be written. */
const write = (text: string, { heading, depth }: Args): string | undefined => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return undefined;
  const ahead = text.slice(0, text.length - split.body.length);
  const lines = [...linesOf(split.body)];
  const shown = [...linesOf(blankShownCode(split.body))].map((line) => mark(line.text));
  const [from, to, ...more] = shown.flatMap((said, index) => (said === '' ? [] : [index]));
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  if (shown[from] !== 'toc' || shown[to] !== 'tocstop') return undefined;
  const textOf = (start: number, end: number): string =>
    lines
      .slice(start, end)
      .map((line) => split.body.slice(line.start, line.end))
      .join('');
  const above = headingsOf(textOf(0, from)).map((one) => ({ ...one, isListed: false }));
  const own = headingsOf(heading ?? '').map((one) => ({ ...one, isListed: false }));
  const below = headingsOf(textOf(to + 1, lines.length)).map((one) => ({ ...one, isListed: true }));
  const slugs = new Slugs();
  const rows: { level: number; row: string }[] = [];
  for (const { source, level, isListed } of [...above, ...own, ...below]) {
    const words = wordsOf(source);
    if (words === undefined) return undefined;
    const slug = slugs.next(words.plain);
    if (isListed && level <= (depth ?? 6) && slug !== '')
      rows.push({ level, row: `[${words.label}](#${slug})` });
  }
  const least = rows.reduce((level, row) => Math.min(level, row.level), 6);
  const old = textOf(from + 1, to);
  const bullet =
    old
      .split(/[\r\n]+/)
      .find((line) => /^ {0,3}[-+*]\s/.test(line))
      ?.trim()[0] ?? '-';
  const out: string[] = [''];
  if (heading !== undefined) out.push(heading, '');
  for (const { level, row } of rows) out.push(`${' '.repeat(2 * (level - least))}${bullet} ${row}`);
  if (rows.length > 0) out.push('');
  const table = out.map((line) => line + split.eol).join('');
  return ahead + textOf(0, from + 1) + table + textOf(to, lines.length);
};

const mark = (line: string): string =>
  /^ {0,3}<!--\s*(tocstop|toc)\s*-->\s*$/i.exec(line)?.[1]?.toLowerCase() ?? '';

/** As GitHub counts them up. */
class Slugs {
  readonly #counts = new Map<string, number>();
  next(plain: string): string {
    let slug = '';
    for (const letter of plain.toLowerCase())
      if (letter === ' ') slug += '-';
      else if (/[\p{L}\p{M}\p{N}\p{Pc}-]/u.test(letter)) slug += letter;
    const first = slug;
    while (this.#counts.has(slug)) {
      const count = (this.#counts.get(first) ?? 0) + 1;
      this.#counts.set(first, count);
      slug = `${first}-${count}`;
    }
    this.#counts.set(slug, 0);
    return slug;
  }
}

/** What a row shows of a heading, and what its address is made of, read sign by sign. */
const wordsOf = (
  source: string,
): { readonly label: string; readonly plain: string } | undefined => {
  let [label, plain, rest] = ['', '', source.trim()];
  while (rest !== '') {
    const [code] = /^`[^`]+`(?!`)/.exec(rest) ?? [];
    const [link, shown = ''] = /^\[([^[\]`]*)\]\([^()\s]*\)/.exec(rest) ?? [];
    const [odd] =
      /^(?:[[\]<>{}|$^\\\t\r\n`]|&#?\w+;|:[\w+-]+:|\x20{2}|https?:|www\.)/i.exec(rest) ?? [];
    const [, , inner] = /[\p{L}\p{N}_]$/u.test(plain)
      ? []
      : (/^(_{1,3})(?=\S)([^_`]*[^_\s`])\1(?![\p{L}\p{N}_])/u.exec(rest) ?? []);
    if (code !== undefined) {
      if (code.includes('](')) return undefined;
      label += code;
      plain += code.slice(1, -1);
      rest = rest.slice(code.length);
    } else if (link !== undefined) rest = shown + rest.slice(link.length);
    else if (odd !== undefined) return undefined;
    else if (inner !== undefined) {
      const whole = rest.slice(0, rest.indexOf(inner) * 2 + inner.length);
      const part = wordsOf(inner);
      if (!part) return undefined;
      label += whole;
      plain += part.plain;
      rest = rest.slice(whole.length);
    } else {
      const sign = [...rest][0] ?? '';
      label += sign;
      plain += sign;
      rest = rest.slice(sign.length);
    }
  }
  return { label, plain };
};
