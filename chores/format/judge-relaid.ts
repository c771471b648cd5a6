// SPDX-License-Identifier: GPL-3.0-only
import { type CodeStatement, readStatements } from '../../src/code/tokens.ts';
import { type Compiler, loadTypeScript } from '../../src/data/load-typescript.ts';
import { sameScript } from './judge-script.ts';

/*
 * Where other chores change a file as well, formatting alone is taken back: their words stay, and stand as
 * the file was written before.
 */

/** What a text says, written as the base is as far as both say the same; `undefined` where that says more. */
export const relaid = (path: string, before: string, now: string): string | undefined => {
  const compiler = loadTypeScript();
  const sorted = withOldImports(path, before, now);
  const text = layOut(piecesOf(compiler, path, before), piecesOf(compiler, path, sorted));
  try {
    return sameScript(path, text, now) ? text : undefined;
  } catch {
    return undefined;
  }
};

/** A text with its imports and re-exports where they stood, each as it was if it says the same. */
export const withOldImports = (path: string, before: string, now: string): string => {
  const compiler = loadTypeScript();
  const [was, is] = [before, now].map((text) => runsOf(compiler, path, text));
  if (!was || !is || was.length !== is.length) return now;
  let text = now;
  for (const [at, run] of [...is.entries()].reverse()) {
    const lines = inOldOrder(path, was[at] ?? [], run);
    const [first, last] = [run[0], run.at(-1)];
    if (!lines || !first || !last) continue;
    const above = was[at]?.[0]?.gap ?? '';
    const gap = /\S/.test(above + first.gap) ? first.gap : above;
    text = text.slice(0, first.start - first.gap.length) + gap + lines + text.slice(last.end);
  }
  return text;
};

type Line = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly gap: string;
};

/** Neighbouring imports or re-exports, each with the gap before it. */
const runsOf = (compiler: Compiler, path: string, text: string): readonly (readonly Line[])[] => {
  const { ImportDeclaration, ExportDeclaration } = compiler.SyntaxKind;
  const runs: Line[][] = [];
  let last: CodeStatement | undefined;
  let from = 0;
  for (const statement of readStatements(compiler, path, text)) {
    const { kind, start, end, tokens } = statement;
    const isEffect = kind === ImportDeclaration && /^["']/.test(tokens[1]?.text ?? '');
    const isMoved = (kind === ImportDeclaration && !isEffect) || kind === ExportDeclaration;
    const gap = text.slice(from, start);
    from = end;
    const line = { start, end, text: text.slice(start, end), gap };
    if (isMoved && last?.kind === kind) runs.at(-1)?.push(line);
    else if (isMoved) runs.push([line]);
    last = isMoved ? statement : undefined;
  }
  return runs;
};

/** The lines of a run as they stood; nothing where remarks go with them, or they pair in several ways. */
const inOldOrder = (
  path: string,
  was: readonly Line[],
  is: readonly Line[],
): string | undefined => {
  const sourceOf = ({ text }: Line): string =>
    /["'][^"']*["'](?=[^"']*$)/.exec(text)?.[0].slice(1, -1) ?? '';
  const [old, now] = [was.map(sourceOf), is.map(sourceOf)];
  const isOnce = (all: readonly string[]): boolean => new Set(all).size === all.length;
  const hasRemark = [...was, ...is].some(
    ({ gap }, at) => at !== 0 && at !== was.length && /\S/.test(gap.replace(/;/g, '')),
  );
  if (!isOnce(old) || !isOnce(now) || hasRemark) return undefined;
  const rank = (source: string): number =>
    old.includes(source) ? old.indexOf(source) : old.length;
  const order = is.toSorted((a, b) => rank(sourceOf(a)) - rank(sourceOf(b)));
  return order
    .map((line, at) => {
      const mate = was[old.indexOf(sourceOf(line))];
      const same = mate && sameScript(path, mate.text, line.text) ? mate.text : line.text;
      const gap = mate && was[old.indexOf(sourceOf(line)) - 1] ? mate.gap : (is[at]?.gap ?? '\n');
      return at === 0 ? same : `${gap}${same}`;
    })
    .join('');
};

/** A word, mark or comment with the gap before it, in which stand blanks and what formatters add or take. */
type Piece = { readonly gap: string; readonly text: string; readonly says: string };

const piecesOf = (compiler: Compiler, path: string, text: string): readonly Piece[] => {
  const pieces: Piece[] = [];
  let from = 0;
  const add = (start: number, end: number, says: string): void => {
    pieces.push({ gap: text.slice(from, start), text: text.slice(start, end), says });
    from = end;
  };
  const addRemarks = (end: number, at: number): void => {
    for (const { 0: remark, index } of text.slice(at, end).matchAll(/\/\/.*|\/\*[\s\S]*?\*\//g))
      add(at + index, at + index + remark.length, remark.split(/\s+/).join(' ').trim());
  };
  const tokens = readStatements(compiler, path, text).flatMap((statement) => statement.tokens);
  let at = /^\uFEFF?#![^\r\n]*/.exec(text)?.[0].length ?? 0;
  for (const [index, { text: word, start, end }] of tokens.entries()) {
    addRemarks(start, at);
    at = end;
    const isLoose =
      /^[;()]$/.test(word) || (word === ',' && /^[)\]}>]$/.test(tokens[index + 1]?.text ?? ''));
    if (!isLoose) add(start, end, /^["']/.test(word) ? JSON.stringify(word.slice(1, -1)) : word);
  }
  addRemarks(text.length, at);
  return [...pieces, { gap: text.slice(from), text: '', says: '' }];
};

/** The pieces of the second in the gaps of the first, where both go along with each other. */
const layOut = (was: readonly Piece[], is: readonly Piece[]): string => {
  let out = '';
  for (const { old, now } of stepsOf(was, is)) {
    if (old.length === now.length) {
      for (const [at, piece] of now.entries()) {
        const mate = old[at];
        out += `${mate?.gap}${mate?.says === piece.says ? mate.text : piece.text}`;
      }
      continue;
    }
    // A comma begins what is put behind; all else is put ahead of the piece that follows, the last one of both.
    const [next, follows] = [old.at(-1), now.at(-1)];
    const more = now.slice(0, -1);
    if (!next || !follows) continue;
    const isBehind = more[0]?.says === ',' || next.says === '';
    if (more.length === 0) out += (old[0]?.says === ',' ? next : (old[0] ?? next)).gap;
    else if (isBehind) out += `${more.map(({ gap, text }) => gap + text).join('')}${next.gap}`;
    else
      out += `${next.gap}${more.map(({ gap, text }, at) => (at === 0 ? text : gap + text)).join('')}${follows.gap}`;
    out += next.text;
  }
  return out;
};

type Step = { readonly old: readonly Piece[]; readonly now: readonly Piece[] };

/** Pieces that say the same, one by one; what does not, with the piece that follows where their numbers differ. */
const stepsOf = (was: readonly Piece[], is: readonly Piece[]): readonly Step[] => {
  const pairs = pairsOf(
    was.map(({ says }) => says),
    is.map(({ says }) => says),
  );
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of pairs) {
    const [old, now] = [was.slice(i, a), is.slice(j, b)];
    const [one, other] = [was.slice(a, a + 1), is.slice(b, b + 1)];
    if (old.length === now.length) steps.push({ old, now }, { old: one, now: other });
    else steps.push({ old: [...old, ...one], now: [...now, ...other] });
    [i, j] = [a + 1, b + 1];
  }
  return steps;
};

/** So many pieces that differ are compared each with each. */
const most = 2000;

/** The longest common course, as index pairs: same ends first, then by table what lies between. */
const pairsOf = (
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] => {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle = x.length > most || y.length > most ? [] : courseOf(x, y);
  return [
    ...Array.from({ length: start }, (_, at) => [at, at] as const),
    ...middle.map(([i, j]) => [i + start, j + start] as const),
    ...Array.from({ length: end }, (_, at) => [a.length - end + at, b.length - end + at] as const),
  ];
};

const courseOf = (
  x: readonly string[],
  y: readonly string[],
): readonly (readonly [number, number])[] => {
  const width = y.length + 1;
  const lengths = new Uint16Array((x.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = x.length - 1; i >= 0; i -= 1)
    for (let j = y.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        x[i] === y[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    if (x[i] === y[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
};
