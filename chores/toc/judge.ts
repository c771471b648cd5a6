// SPDX-License-Identifier: GPL-3.0-only
import { coveredBy, type Judge, undoneIn } from '../../src/chore/patch.ts';
import { blankBlocks, blankCode } from '../../src/markdown/prose.ts';

type Args = {
  readonly files?: readonly string[];
  readonly heading?: string;
  readonly depth?: number;
};

const toc = /^ {0,3}<!--[ \t]*toc[ \t]*-->[ \t]*$/i;
const stop = /^ {0,3}<!--[ \t]*tocstop[ \t]*-->[ \t]*$/i;

/** What stands between the marks must be a row for each heading; then it is as it was again. */
export const judge: Judge<Args> = function* ({ files, heading, depth }, patch, texts) {
  const { paths, base } = patch;
  const left = new Map<string, string>();
  const findings: string[] = [];
  const isPage = (path: string): boolean =>
    /\.(?:md|markdown)$/i.test(path) && coveredBy(files)(path);
  for (const path of paths.filter(isPage)) {
    const [before, now] = [base.get(path), texts.get(path)];
    const [old, page] = [cutOut(before ?? ''), cutOut(now ?? '')];
    if (before === undefined || now === undefined || !old || !page) continue;
    const problem = problemIn(page, heading, depth ?? 6, old.between.join('\n'));
    if (problem !== undefined) findings.push(`${path}: ${problem}`);
    left.set(path, [...page.above, ...old.between, ...page.below].join('\n'));
  }
  const others = yield* undoneIn(patch, isPage, (_, text) => {
    const page = cutOut(text);
    const old = page?.between.join('\n') ?? '';
    return (
      page !== undefined &&
      strangeIn(page, heading) === undefined &&
      problemIn(page, heading, depth ?? 6, old) !== undefined
    );
  });
  return { texts: left, findings: [...findings, ...others] };
};

type Page = {
  readonly above: readonly string[];
  readonly between: readonly string[];
  readonly below: readonly string[];
};

/** The lines up to the first mark, between the marks, and from the second one on. */
const cutOut = (text: string): Page | undefined => {
  const lines = text.split('\n');
  const shown = blankCode(text)
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  const starts = shown.flatMap((line, index) => (toc.test(line) ? [index] : []));
  const stops = shown.flatMap((line, index) => (stop.test(line) ? [index] : []));
  const [start = -1, end = -1] = [starts[0], stops[0]];
  if (starts.length !== 1 || stops.length !== 1 || end < start) return undefined;
  return {
    above: lines.slice(0, start + 1),
    between: lines.slice(start + 1, end),
    below: lines.slice(end),
  };
};

/** Why a table of contents is not the one of its page. */
const problemIn = (
  page: Page,
  heading: string | undefined,
  depth: number,
  old: string,
): string | undefined => {
  const { above, between, below } = page;
  const end = above[0]?.endsWith('\r') ? '\r' : '';
  const lines = between.map((line) => line.slice(0, line.length - end.length));
  if (
    !between.every((line) => line.endsWith(end) && !line.slice(0, -1 - end.length).includes('\r'))
  )
    return 'the lines of the table of contents end in another way than the others';
  const front = heading === undefined ? [''] : ['', heading, ''];
  if (front.some((line, index) => lines[index] !== line))
    return 'the table of contents does not begin as it should';
  const rows = lines.slice(front.length, lines.length > front.length ? -1 : undefined);
  if (rows.length > 0 && lines.at(-1) !== '')
    return 'an empty line is missing below the table of contents';
  const strange = strangeIn(page, heading);
  if (strange !== undefined) return `the address of "${strange.slice(0, 80)}" is not known`;
  const taken = new Set<string>();
  for (const one of [...headingsIn(above), ...headingsIn(front)]) addressFor(one.words, taken);
  const listed = headingsIn(below)
    .map((one) => ({ ...one, address: addressFor(one.words, taken) }))
    .filter((one) => one.level <= depth && one.address !== '');
  const top = listed.reduce((least, { level }) => Math.min(least, level), 6);
  const bullet = /^[ ]{0,3}([-*+])[ \t]/m.exec(old)?.[1] ?? '-';
  if (rows.length !== listed.length)
    return `the table of contents has ${rows.length} rows for ${listed.length} headings`;
  const wrong = listed.find(({ level, words, address }, index) => {
    const row = `${bullet} [${words}](#${address})`;
    return rows[index] !== row.padStart(row.length + 2 * (level - top));
  });
  return wrong && `the table of contents is wrong at "${wrong.words.slice(0, 80)}"`;
};

/** A heading of which nobody can say what GitHub makes of it. */
const strangeIn = ({ above, below }: Page, heading: string | undefined): string | undefined =>
  [above, heading === undefined ? [] : [heading], below]
    .flatMap(headingsIn)
    .find(({ words }) => odd.test(words.replace(/`(?:(?!\]\()[^`])+`/g, '')))?.words;

/** What GitHub makes another text of. */
const odd = /[[\]<>{}|\\^$`\t]|&#?\w+;|:[\w+-]+:| {2}|https?:|www\./i;

/** Headings by their lines, with the links in them taken as their words. */
const headingsIn = (lines: readonly string[]): readonly { level: number; words: string }[] => {
  const prose = blankBlocks(withoutFront(lines.join('\n'))).split(/\r?\n/);
  return prose.flatMap((line, index) => {
    const [, marks, words = ''] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line) ?? [];
    if (marks !== undefined)
      return [{ level: marks.length, words: plain(words.replace(/(?:^|[ \t]+)#+[ \t]*$/, '')) }];
    const under = /^ {0,3}(=+|-+)[ \t]*$/.exec(prose[index + 1] ?? '')?.[1];
    const isText =
      line.trim() !== '' && !/^(?: {4}| {0,3}(?:>|[-*+]\s|\d+[.)]\s|\||[-=]+\s*$))/.test(line);
    const isAlone =
      (prose[index - 1] ?? '').trim() === '' || /^ {0,3}#/.test(prose[index - 1] ?? '');
    return under !== undefined && isText && isAlone
      ? [{ level: under.startsWith('=') ? 1 : 2, words: plain(line) }]
      : [];
  });
};

const withoutFront = (text: string): string =>
  text.replace(/^\uFEFF?---[ \t]*\r?\n[\s\S]*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/, '');

const plain = (words: string): string =>
  words.trim().replace(/(^|[^!])\[([^[\]]*)\]\([^()\s]*\)/g, '$1$2');

/** The next free address for these words. */
const addressFor = (words: string, taken: Set<string>): string => {
  const spoken = words
    .replace(/(^|[^\p{L}\p{N}_`])(_{1,3})(\S|\S[^_`]*[^_\s`])\2(?=[^\p{L}\p{N}_]|$)/gu, '$1$3')
    .toLowerCase();
  const first = [...spoken]
    .filter((letter) => letter === ' ' || letter === '-' || /[\p{L}\p{M}\p{N}\p{Pc}]/u.test(letter))
    .join('')
    .split(' ')
    .join('-');
  let address = first;
  for (let count = 1; taken.has(address); count += 1) address = `${first}-${count}`;
  taken.add(address);
  return address;
};
