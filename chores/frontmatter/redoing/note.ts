// SPDX-License-Identifier: GPL-3.0-only
import type { Pair } from 'yaml';
import { Declined } from '../../../src/chore/script.ts';
import type { CommitDays } from '../../../src/markdown/commit-days.ts';
import { isRefused, textRefusal } from '../../../src/markdown/decode-markdown.ts';
import {
  findPair,
  isSameKey,
  type ParsedFrontmatter,
  parseFrontmatter,
  type SplitDocument,
  splitFrontmatter,
} from '../../../src/markdown/frontmatter.ts';
import { linesOf } from '../../../src/markdown/text-lines.ts';
import { type Result, workOut } from './keys.ts';
import type { Requests } from './requests.ts';
import { saysExactly } from './written.ts';

type Side = SplitDocument & { readonly parsed: ParsedFrontmatter };

/** A line of the block, or all lines of a key; `name` of keys alone. */
type Piece = { readonly name?: string; readonly text: string };

/** The note with its block worked out anew; how new values are written and where is the patch's. @throws Declined */
export const redoNote = (
  path: string,
  base: string,
  patched: string,
  requests: Requests,
  days: CommitDays,
): string => {
  const reason = textRefusal(base);
  if (reason !== undefined) throw new Declined(`it ${reason}`);
  const [old, now] = [sideOf(base), sideOf(patched)];
  const results = workOut({ path, body: old.body, parsed: old.parsed, days }, requests);
  const inBraces = old.parsed.map?.flow === true;
  const yaml = inBraces ? redoBraces(old, now, results) : redoBlock(old, now, results, requests);
  if (old.open !== '') return old.bom + old.open + yaml + old.close + old.body;
  const fence = `---${old.eol}`;
  return yaml === '' ? base : old.bom + fence + yaml + fence + old.body;
};

const sideOf = (text: string): Side => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) throw new Declined(`it ${split.refused}`);
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) throw new Declined(`it ${parsed.refused}`);
  return { ...split, parsed };
};

const spanOf = (yaml: string, { key, value }: Pair): readonly [start: number, end: number] => {
  const range = (node: unknown) => (node as { readonly range?: readonly number[] } | null)?.range;
  const start = range(key)?.[0] ?? 0;
  const end = range(value)?.[1] ?? range(key)?.[1] ?? start;
  return [start, start + yaml.slice(start, end).trimEnd().length];
};

const nameOf = ({ key }: Pair): string => String(key);

/** Lines one by one, those of a key together. */
const piecesOf = ({ yaml, parsed }: Side): readonly Piece[] => {
  const spans = (parsed.map?.items ?? []).map((pair) => ({
    name: nameOf(pair),
    span: spanOf(yaml, pair),
  }));
  const pieces: Piece[] = [];
  for (const line of linesOf(yaml)) {
    const text = yaml.slice(line.start, line.end);
    const pair = spans.find(({ span: [start, end] }) => start < line.end && end > line.start);
    const last = pieces.at(-1);
    if (pair && last?.name === pair.name)
      pieces[pieces.length - 1] = { ...last, text: last.text + text };
    else pieces.push(pair ? { name: pair.name, text } : { text });
  }
  return pieces;
};

const redoBlock = (
  old: Side,
  now: Side,
  results: readonly Result[],
  { order }: Requests,
): string => {
  const theirs = piecesOf(now);
  const resultFor = (name: string | undefined): Result | undefined =>
    name === undefined ? undefined : results.find((result) => isSameKey(result.name, name));
  const written = (result: Result, before: Piece | undefined): Piece => {
    const name = before?.name ?? result.name;
    const piece = theirs.find((one) => one.name === name);
    if (!piece) throw new Declined(`its key ${name} should be ${JSON.stringify(result.value)}`);
    checkWritten(piece.text, before?.text ?? '', name, result, old.eol);
    return piece;
  };
  const mine = piecesOf(old).flatMap((piece) => {
    const result = resultFor(piece.name);
    if (!result) return [piece];
    if (result.value !== undefined) return [written(result, piece)];
    refuseRemark(old, result.name);
    return [];
  });
  const names = new Set(piecesOf(old).flatMap(({ name }) => name ?? []));
  const added = results.filter(
    ({ name, value }) => value !== undefined && ![...names].some((one) => isSameKey(one, name)),
  );
  const isAdded = ({ name }: Piece): boolean => added.some((result) => result.name === name);
  const ordered = inOrder(mine, order);
  for (const result of added) written(result, undefined);
  const places = theirs.filter((piece) => !isAdded(piece)).length;
  const whole: Piece[] = [];
  let at = 0;
  for (const piece of theirs) {
    if (!isAdded(piece)) {
      if (at < ordered.length) whole.push(ordered[at] as Piece);
      at += 1;
      continue;
    }
    const above = ordered[at - 1];
    const parts = above !== undefined && above.name === undefined && /^[ \t]*#/.test(above.text);
    if (parts && !isAdded(theirs[theirs.indexOf(piece) - 1] ?? piece) && hasKey(ordered.slice(at)))
      throw new Declined(`its key ${piece.name} comes between a comment and the key below`);
    whole.push(piece);
  }
  whole.push(...ordered.slice(places));
  checkOrder(whole, order);
  return whole.map(({ text }) => text).join('');
};

/** A comment behind a value that goes may be about more than that. */
const refuseRemark = ({ yaml, parsed }: Side, name: string): void => {
  const pair = findPair(parsed.map, name);
  const rest = pair ? yaml.slice(spanOf(yaml, pair)[1]) : '';
  if (/^[ \t]*#/.test(rest)) throw new Declined(`a comment would go with its key ${name}`);
};

const hasKey = (pieces: readonly Piece[]): boolean => pieces.some(({ name }) => name !== undefined);

const checkWritten = (
  text: string,
  before: string,
  name: string,
  { value, date }: Result,
  eol: string,
): void => {
  const breaks = (lines: string): readonly string[] => lines.match(/\r\n|\n|\r/g) ?? [];
  const usual = [eol, ...breaks(before)];
  const says = value !== undefined && saysExactly(text, before, name, value, date);
  if (!says) throw new Declined(`its key ${name} should plainly be ${JSON.stringify(value)}`);
  if (!breaks(text).every((one) => usual.includes(one)))
    throw new Declined(`its key ${name} has line ends that the note does not have`);
};

/** Named keys to the front, each with the comments right above it. */
const inOrder = (pieces: readonly Piece[], order: readonly string[]): readonly Piece[] => {
  const first = pieces.findIndex(({ name }) => name !== undefined);
  const blank = pieces.slice(0, Math.max(first, 0)).findLastIndex(({ text }) => text.trim() === '');
  const groups: Piece[][] = [];
  let open: Piece[] = [];
  for (const piece of pieces.slice(blank + 1)) {
    open.push(piece);
    if (piece.name === undefined) continue;
    groups.push(open);
    open = [];
  }
  const place = (group: readonly Piece[]): number => {
    const at = order.findIndex((key) => isSameKey(group.at(-1)?.name, key));
    return at === -1 ? order.length : at;
  };
  const sorted = groups.toSorted((a, b) => place(a) - place(b)).flat();
  return [...pieces.slice(0, blank + 1), ...sorted, ...open];
};

const checkOrder = (pieces: readonly Piece[], order: readonly string[]): void => {
  const names = pieces.flatMap(({ name }) => name ?? []);
  const wanted = order.flatMap((key) => names.find((name) => isSameKey(name, key)) ?? []);
  if ([...new Set(wanted)].some((name, index) => names[index] !== name))
    throw new Declined(`its keys are not in the order that begins with ${wanted.join(', ')}`);
};

/** Frontmatter in braces: values in their places, new keys behind the last, in the patch's order. */
const redoBraces = (old: Side, now: Side, results: readonly Result[]): string => {
  const pairs = old.parsed.map?.items ?? [];
  const theirs = now.parsed.map?.items ?? [];
  const written = (result: Result, name: string, before: string): string => {
    const pair = theirs.find((one) => nameOf(one) === name);
    const text = pair ? now.yaml.slice(...spanOf(now.yaml, pair)) : '';
    checkWritten(text, before, name, result, old.eol);
    return text;
  };
  let yaml = old.yaml;
  let stop = pairs.length > 0 ? spanOf(yaml, pairs.at(-1) as Pair)[1] : yaml.indexOf('{') + 1;
  const has = (name: string): boolean => pairs.some((pair) => isSameKey(nameOf(pair), name));
  for (const pair of pairs.toReversed()) {
    const result = results.find(({ name }) => isSameKey(name, nameOf(pair)));
    if (!result) continue;
    if (result.value === undefined) throw new Declined('no key is removed from braces');
    const [start, end] = spanOf(yaml, pair);
    const text = written(result, nameOf(pair), yaml.slice(start, end));
    yaml = yaml.slice(0, start) + text + yaml.slice(end);
    stop += text.length - (end - start);
  }
  const place = ({ name }: Result): number => theirs.findIndex((pair) => nameOf(pair) === name);
  const added = results.filter(({ name }) => !has(name)).toSorted((a, b) => place(a) - place(b));
  const texts = added.map((result) => written(result, result.name, ''));
  return (
    yaml.slice(0, stop) +
    [...(pairs.length > 0 ? [''] : []), ...texts].join(', ') +
    yaml.slice(stop)
  );
};
