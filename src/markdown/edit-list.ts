// SPDX-License-Identifier: GPL-3.0-only
import type { Document, YAMLSeq } from 'yaml';
import type { Json } from '../data/digest.ts';
import type { Refused } from './decode-markdown.ts';
import { lineStart, lineStop } from './pair-lines.ts';
import type { LineBreak } from './text-lines.ts';
import { sameValue, writeYaml } from './yaml-value.ts';

type Token = { readonly type: string; readonly offset: number };
type Item = {
  readonly start?: readonly Token[];
  readonly sep?: readonly Token[];
  readonly value?: Token & { readonly end?: readonly Token[] };
};
type Ranged = { readonly range?: readonly [number, number, number] | null } | null;
type Js = { readonly toJS: (document: Document) => unknown } | null;

/** One entry of the old list: its value and the source text that is kept as it is. */
type Entry = { readonly value: unknown; readonly source: string };

/**
 * Gives a list new entries. Entries that stay keep their source text (in a block list with their
 * comments and the comment lines above them); in a flow list the spacing is kept.
 */
export const editList = (
  yaml: string,
  key: string,
  list: YAMLSeq,
  values: readonly Json[],
  document: Document,
  eol: LineBreak,
): string | Refused =>
  list.flow
    ? editFlow(yaml, key, list, values, document)
    : editBlock(yaml, key, list, values, document, eol);

const itemValue = (node: unknown, document: Document): unknown =>
  (node as Js)?.toJS(document) ?? null;

/** The old entries for the new values, each used once, and those that are left over. */
const assign = (
  entries: readonly Entry[],
  values: readonly Json[],
  write: (value: Json) => string,
): { readonly sources: readonly string[]; readonly dropped: readonly Entry[] } => {
  const left = [...entries];
  const sources = values.map((value) => {
    const at = left.findIndex((entry) => sameValue(entry.value, value));
    return at < 0 ? write(value) : (left.splice(at, 1)[0]?.source ?? '');
  });
  return { sources, dropped: left };
};

const lost = (key: string): Refused => ({
  refused: `has comments inside ${key} that would be lost`,
});

const odd = (key: string): Refused => ({ refused: `writes ${key} in a form that is not edited` });

const editBlock = (
  yaml: string,
  key: string,
  list: YAMLSeq,
  values: readonly Json[],
  document: Document,
  eol: LineBreak,
): string | Refused => {
  const source = list.srcToken as { readonly items?: readonly Item[] } | undefined;
  const dashes = (source?.items ?? []).flatMap(
    ({ start }) => start?.find(({ type }) => type === 'seq-item-ind')?.offset ?? [],
  );
  const first = dashes[0];
  const last = dashes.at(-1);
  if (first === undefined || last === undefined || dashes.length !== list.items.length) {
    return odd(key);
  }
  const indent = yaml.slice(lineStart(yaml, last), last);
  if (dashes.some((dash) => !/^ *$/.test(yaml.slice(lineStart(yaml, dash), dash)))) return odd(key);
  const begin = commentsAbove(yaml, lineStart(yaml, first));
  let at = begin;
  const entries = list.items.map((item, index): Entry => {
    const stop = (item as Ranged)?.range?.[1] ?? 0;
    const end = lineStop(yaml, Math.max(stop, (dashes[index] ?? 0) + 1));
    const chunk = yaml.slice(at, end);
    at = end;
    return { value: itemValue(item, document), source: chunk };
  });
  const { sources, dropped } = assign(
    entries,
    values,
    (value) => `${indent}- ${writeYaml(value)}${eol}`,
  );
  if (dropped.some(({ source: chunk }) => /(?:^|\s)#/.test(chunk))) return lost(key);
  return yaml.slice(0, begin) + sources.join('') + yaml.slice(at);
};

/** Start of the run of comment lines right above a line: they belong to the first entry. */
const commentsAbove = (yaml: string, line: number): number => {
  let at = line;
  while (at > 0) {
    const above = lineStart(yaml, at - (yaml.slice(at - 2, at) === '\r\n' ? 2 : 1));
    if (!/^[ \t]*#/.test(yaml.slice(above, at))) break;
    at = above;
  }
  return at;
};

const editFlow = (
  yaml: string,
  key: string,
  list: YAMLSeq,
  values: readonly Json[],
  document: Document,
): string | Refused => {
  const source = list.srcToken as
    | (Token & { readonly items?: readonly Item[]; readonly end?: readonly Token[] })
    | undefined;
  const tokens = (source?.items ?? []).flatMap(({ start, sep, value }) => [
    ...(start ?? []),
    ...(sep ?? []),
    ...(value?.end ?? []),
  ]);
  const inner = [...tokens, ...(source?.end ?? []).slice(0, -1)];
  const closing = (source?.end ?? []).findIndex(({ type }) => type === 'flow-seq-end');
  const close = source?.end?.[closing]?.offset;
  if (close === undefined || !source) return odd(key);
  if (inner.some(({ type, offset }) => type === 'comment' && offset < close)) return lost(key);
  if (inner.some(({ type }) => ['anchor', 'tag', 'map-value-ind'].includes(type))) return odd(key);
  const ranges = list.items.map((item) => (item as Ranged)?.range ?? [0, 0, 0]);
  const entries = list.items.map((item, index): Entry => {
    const [start = 0, stop = 0] = ranges[index] ?? [];
    return { value: itemValue(item, document), source: yaml.slice(start, stop) };
  });
  const [firstStart = 0, firstStop = 0] = ranges[0] ?? [];
  const lastStop = ranges.at(-1)?.[1] ?? 0;
  const lead = yaml.slice(source.offset + 1, firstStart);
  const secondStart = ranges[1]?.[0];
  const gap =
    secondStart === undefined ? `,${lead === '' ? ' ' : lead}` : yaml.slice(firstStop, secondStart);
  const { sources } = assign(entries, values, writeYaml);
  return (
    yaml.slice(0, source.offset + 1) +
    lead +
    sources.join(gap) +
    yaml.slice(lastStop, close) +
    yaml.slice(close)
  );
};
