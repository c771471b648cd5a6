// SPDX-License-Identifier: GPL-3.0-only
import { isMap, isNode, isScalar, Lexer, type Node, parseDocument } from 'yaml';
import { canonicalJson } from '../../../../src/data/digest.ts';

/** One key of frontmatter: its value, and the text of key and value as they stand. */
export type Entry = {
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
};

/** A comment; `key` where it stands on the lines of one, behind something. */
export type Remark = { readonly text: string; readonly key: string | undefined };

/** A note cut in two. Without frontmatter, `entries` and `comments` are empty and `block` false. */
export type Front = {
  readonly bom: boolean;
  readonly block: boolean;
  readonly entries: readonly Entry[];
  /** By key, with what `<<` merges in. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly comments: readonly Remark[];
  readonly body: string;
};

const bomMark = '\uFEFF';

/** Cuts a note into frontmatter and body; `undefined` when its block is no readable YAML mapping. */
export const readFront = (text: string): Front | undefined => {
  const bom = text.startsWith(bomMark);
  const rest = bom ? text.slice(1) : text;
  const plain: Front = { bom, block: false, entries: [], values: {}, comments: [], body: rest };
  const fenced = /^---[ \t]*\r?\n((?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(rest);
  if (!fenced) return plain;
  const yaml = fenced[1] ?? '';
  const document = parseDocument(yaml, { prettyErrors: false, merge: true, logLevel: 'error' });
  const { contents } = document;
  // A rule, prose and another rule look like frontmatter but hold no mapping.
  if (contents !== null && !isMap(contents)) return document.errors.length > 0 ? undefined : plain;
  if (document.errors.length > 0) return undefined;
  const items = isMap(contents) ? contents.items : [];
  let value: Record<string, unknown>;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return undefined;
  }
  const entries = items.map((pair): Entry & { readonly start: number } => {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const end = isNode(pair.value) ? rangeEnd(pair.value) : rangeEnd(pair.key as Node);
    const start = (pair.key as Node).range?.[0] ?? 0;
    const source = yaml.slice(start, end).trimEnd();
    return { key, value: value[key], source, start };
  });
  const comments = readRemarks(yaml, entries);
  return { bom, block: true, entries, values: value, comments, body: rest.slice(fenced[0].length) };
};

const marks: ReadonlySet<string> = new Set(['\x02', '\x18', '\x1f']);

const readRemarks = (
  yaml: string,
  entries: readonly (Entry & { readonly start: number })[],
): readonly Remark[] => {
  const remarks: Remark[] = [];
  let [at, before] = [0, ''];
  for (const token of new Lexer().lex(yaml)) {
    // The lexer marks what it reads with control characters that are not in the text.
    const mark = marks.has(token);
    if (token.startsWith('#') && before !== '\x1f') {
      const behind = yaml.slice(yaml.lastIndexOf('\n', at) + 1, at).trim() !== '';
      const key = behind ? entries.findLast(({ start }) => start < at)?.key : undefined;
      remarks.push({ text: token.trimEnd(), key });
    }
    before = token;
    if (!mark) at += token.length;
  }
  return remarks;
};

const rangeEnd = (node: Node): number => node.range?.[1] ?? 0;

/** The value of a key, `undefined` where it does not stand. */
export const fieldOf = (front: Front, key: string): unknown =>
  Object.hasOwn(front.values, key) ? front.values[key] : undefined;

export const hasField = (front: Front, key: string): boolean =>
  front.entries.some((entry) => entry.key === key);

/** Whether two YAML values mean the same. */
export const sameValue = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
