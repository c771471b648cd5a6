// SPDX-License-Identifier: GPL-3.0-only
import { isMap, isNode, isScalar, Lexer, type Node, parseDocument } from 'yaml';
import { canonicalJson } from '../../../../src/data/digest.ts';

/** One key of frontmatter: its value, and the text of key and value as they stand. */
export type Entry = {
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
};

/** A note cut in two. Without frontmatter, `entries` and `comments` are empty and `block` false. */
export type Front = {
  readonly bom: boolean;
  readonly block: boolean;
  readonly entries: readonly Entry[];
  /** By key, with what `<<` merges in. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly comments: readonly string[];
  readonly body: string;
};

const bomMark = '\uFEFF';

/** Cuts a note into frontmatter and body; `undefined` when its block is not a readable YAML mapping. */
export const readFront = (whole: string): Front | undefined => {
  // Old Macs ended lines so; a text that has a single line feed has them everywhere.
  const text = whole.includes('\n') ? whole : whole.replaceAll('\r', '\n');
  const bom = text.startsWith(bomMark);
  const rest = bom ? text.slice(1) : text;
  const plain: Front = { bom, block: false, entries: [], values: {}, comments: [], body: rest };
  const fenced =
    /^---[ \t]*(?:ya?ml[ \t]*)?\r?\n((?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(rest);
  if (!fenced) return plain;
  const yaml = fenced[1] ?? '';
  const document = parseDocument(yaml, { prettyErrors: false, merge: true, logLevel: 'error' });
  const { contents } = document;
  // A rule, prose and another rule look like frontmatter but contain no mapping.
  if (contents !== null && !isMap(contents)) return document.errors.length > 0 ? undefined : plain;
  if (document.errors.length > 0) return undefined;
  const items = isMap(contents) ? contents.items : [];
  let value: Record<string, unknown>;
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return undefined;
  }
  const entries = items.map((pair): Entry => {
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const end = isNode(pair.value) ? rangeEnd(pair.value) : rangeEnd(pair.key as Node);
    const start = (pair.key as Node).range?.[0] ?? 0;
    const source = yaml.slice(start, end).trimEnd();
    return { key, value: value[key], source };
  });
  const comments = readRemarks(yaml);
  return { bom, block: true, entries, values: value, comments, body: rest.slice(fenced[0].length) };
};

/** The comments of YAML. The lexer puts `\x1f` before a scalar, whose text may begin with `#` in a block. */
export const readRemarks = (yaml: string): readonly string[] => {
  const tokens = [...new Lexer().lex(yaml)];
  return tokens.flatMap((token, index) =>
    token.startsWith('#') && tokens[index - 1] !== '\x1f' ? [token.trimEnd()] : [],
  );
};

const rangeEnd = (node: Node): number => node.range?.[1] ?? 0;

/** The value of a key in any case, `undefined` where it is missing. */
export const fieldOf = ({ values }: Front, key: string): unknown =>
  Object.entries(values).find(([name]) => isSameKey(name, key))?.[1];

/** Whether a key is there in any case, even with an empty value. */
export const hasField = (front: Front, key: string): boolean =>
  front.entries.some((entry) => isSameKey(entry.key, key));

/** Readers of frontmatter take `Title` for `title`. */
export const isSameKey = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether two YAML values mean the same. */
export const sameValue = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);
