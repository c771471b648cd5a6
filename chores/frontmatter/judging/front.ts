// SPDX-License-Identifier: GPL-3.0-only
import { isMap, isNode, isScalar, isSeq, Lexer, type Node, type Pair, parseDocument } from 'yaml';
import { canonicalJson } from '../../../src/data/digest.ts';

/** One key of frontmatter: its value, and where it stands in the text between the fences. */
export type Entry = {
  readonly key: string;
  readonly value: unknown;
  /** Where the values of a list stand in `source`. */
  readonly items: readonly { readonly from: number; readonly to: number }[];
  /** In braces from the key to the end of its value, else its whole lines without the last line break. */
  readonly from: number;
  readonly to: number;
  readonly source: string;
  /** What stands behind the value on its last line. */
  readonly behind: string;
};

/** A note cut in pieces: `bom + open + yaml + close + body` is the text again. */
export type Front = {
  readonly bom: string;
  /** The fences with their line breaks; both empty where there is no frontmatter. */
  readonly open: string;
  readonly yaml: string;
  readonly close: string;
  readonly body: string;
  readonly inBraces: boolean;
  readonly entries: readonly Entry[];
  /** By key, with what `<<` merges in. */
  readonly values: Readonly<Record<string, unknown>>;
};

const fences =
  /^(---[ \t]*(?:ya?ml[ \t]*)?(?:\r?\n|\r(?!\n)))((?:[^\r\n]*(?:\r?\n|\r(?!\n)))*?)((?:---|\.\.\.)[ \t]*(?:\r?\n|\r(?!\n)|$))/;

/** Cuts a note in pieces; `undefined` when its block is not a readable YAML mapping. */
export const readFront = (text: string): Front | undefined => {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const rest = text.slice(bom.length);
  const nothing = { inBraces: false, entries: [], values: {} };
  const plain: Front = { bom, open: '', yaml: '', close: '', body: rest, ...nothing };
  const [all = '', open = '', yaml = '', close = ''] = fences.exec(rest) ?? [];
  if (all === '') return plain;
  // Old Macs ended lines so; a text that has a single line feed has them everywhere.
  const lines = text.includes('\n') ? yaml : yaml.replaceAll('\r', '\n');
  const parsed = parseDocument(lines, { prettyErrors: false, merge: true, logLevel: 'error' });
  const { contents, errors } = parsed;
  // A rule, prose and another rule look like frontmatter but contain no mapping.
  if (contents !== null && !isMap(contents)) return errors.length > 0 ? undefined : plain;
  if (errors.length > 0) return undefined;
  let values: Record<string, unknown>;
  try {
    values = parsed.toJS({ maxAliasCount: 100 }) ?? {};
  } catch {
    return undefined;
  }
  const inBraces = contents?.flow === true;
  const entries = (contents?.items ?? []).map((pair): Entry => {
    const place = placeOf(lines, pair, inBraces);
    const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
    const { from, to, stop, items } = place;
    const behind = yaml.slice(stop, to);
    return { from, to, items, key, value: values[key], source: yaml.slice(from, to), behind };
  });
  return { bom, open, yaml, close, body: rest.slice(all.length), inBraces, entries, values };
};

const placeOf = (
  yaml: string,
  { key: name, value }: Pair,
  inBraces: boolean,
): Pick<Entry, 'from' | 'to' | 'items'> & { readonly stop: number } => {
  const start = (name as Node).range?.[0] ?? 0;
  const end = isNode(value) ? rangeEnd(value) : rangeEnd(name as Node);
  const stop = start + yaml.slice(start, end).trimEnd().length;
  const from = inBraces ? start : yaml.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = yaml.slice(stop).search(/\r?\n|$/);
  const to = inBraces ? stop : stop + lineEnd;
  const items = (isSeq(value) ? value.items : []).filter(isNode).map((item) => {
    const start = item.range?.[0] ?? 0;
    const text = yaml.slice(start, rangeEnd(item)).trimEnd();
    return { from: start - from, to: start - from + text.length };
  });
  return { from, to, stop, items };
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

/** A key of the block itself in any case, even with an empty value. */
export const entryOf = ({ entries }: Front, key: string): Entry | undefined =>
  entries.find((entry) => isSameKey(entry.key, key));

/** Readers of frontmatter take `Title` for `title`. */
export const isSameKey = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether two YAML values are the same, types included. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  try {
    return canonicalJson(a ?? null) === canonicalJson(b ?? null);
  } catch {
    return false;
  }
};

/** Whether a value counts as not filled in. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
