// SPDX-License-Identifier: GPL-3.0-only
import { isMap, isScalar, isSeq, type Pair, Parser } from 'yaml';
import { canonicalJson, type Json } from '../data/digest.ts';
import { isRefused, type Refused, textRefusal } from './decode-markdown.ts';
import { editList } from './edit-list.ts';
import {
  findPair,
  isSameKey,
  parseFrontmatter,
  type SplitDocument,
  spellingRefusal,
  splitFrontmatter,
} from './frontmatter.ts';
import {
  lineEnd,
  lineStart,
  lineStop,
  orderKeys,
  pairStart,
  pairStop,
  removeKey,
} from './pair-lines.ts';
import { isPlainDate } from './rules.ts';
import type { LineBreak } from './text-lines.ts';
import { sameValue, writeText, writeYaml } from './yaml-value.ts';

/**
 * What to do to a document's top-level keys, which are found in any case and keep their spelling.
 * Keys in `order` come first, in that order; new values of keys in `dates` are written without quotes.
 */
export type FrontmatterEdit = {
  readonly set: Readonly<Record<string, Json>>;
  readonly remove?: readonly string[];
  readonly order?: readonly string[];
  readonly dates?: readonly string[];
};

/** The document after an edit; `keys` are those whose lines changed, in the order asked. */
export type EditedDocument = { readonly text: string; readonly keys: readonly string[] };

/**
 * Edits frontmatter without touching anything else: comments, order, quoting, anchors, line breaks,
 * byte order mark and body stay byte for byte. Creates frontmatter where there is none. What cannot
 * be done so is refused.
 */
export const editFrontmatter = (text: string, edit: FrontmatterEdit): EditedDocument | Refused => {
  const reason = textRefusal(text);
  if (reason !== undefined) return { refused: reason };
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  if (split.open === '') return createFrontmatter(split, edit);
  const edited = editYaml(split.yaml, edit, split.eol);
  if (isRefused(edited)) return edited;
  const after = split.bom + split.open + edited.yaml + split.close + split.body;
  const damage =
    edited.keys.length > 0 || edited.yaml !== split.yaml
      ? findDamage(split, after, edit)
      : undefined;
  return damage === undefined ? { text: after, keys: edited.keys } : { refused: damage };
};

const createFrontmatter = (
  { bom, body, eol }: SplitDocument,
  { set, order = [], dates = [] }: FrontmatterEdit,
): EditedDocument => {
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  const keys = Object.keys(set).sort((a, b) => place(a) - place(b));
  if (keys.length === 0) return { text: bom + body, keys };
  const lines = keys.map(
    (key) => `${writeText(key)}: ${writeValue(set[key] ?? null, dates.includes(key))}`,
  );
  return { text: bom + ['---', ...lines, '---', ''].join(eol) + body, keys };
};

const writeValue = (value: Json, isDate: boolean): string =>
  isDate && typeof value === 'string' && isPlainDate(value) ? value : writeYaml(value);

type EditedYaml = { readonly yaml: string; readonly keys: readonly string[] };

const editYaml = (
  yaml: string,
  { set, remove = [], order = [], dates = [] }: FrontmatterEdit,
  eol: LineBreak,
): EditedYaml | Refused => {
  const parsed = parseFrontmatter(yaml, eol);
  if (isRefused(parsed)) return parsed;
  const twice = spellingRefusal(parsed, [...Object.keys(set), ...remove, ...order]);
  if (twice !== undefined) return { refused: twice };
  let text = yaml;
  const keys: string[] = [];
  const steps: (readonly [string, (current: string) => string | Refused])[] = [
    ...Object.entries(set).map(
      ([key, value]) =>
        [key, (current: string) => setKey(current, key, value, dates.includes(key), eol)] as const,
    ),
    ...remove.map((key) => [key, (current: string) => removeKey(current, key, eol)] as const),
  ];
  for (const [key, step] of steps) {
    const next = step(text);
    if (typeof next !== 'string') return next;
    if (isRefused(parseFrontmatter(next, eol))) {
      return {
        refused: `has frontmatter where other keys depend on ${key}, by an anchor or layout`,
      };
    }
    if (next !== text) keys.push(key);
    text = next;
  }
  const ordered = orderKeys(text, order, eol);
  return typeof ordered === 'string' ? { yaml: ordered, keys } : ordered;
};

const setKey = (
  yaml: string,
  key: string,
  value: Json,
  isDate: boolean,
  eol: LineBreak,
): string | Refused => {
  const parsed = parseFrontmatter(yaml, eol);
  if (isRefused(parsed)) return parsed;
  const { map, document } = parsed;
  const pair = findPair(map, key);
  if (!pair) {
    if (map?.items.some((item) => isScalar(item.key) && String(item.key.value) === key)) {
      return { refused: `has the key ${key} as something other than text (quote it)` };
    }
    return addKey(yaml, map, `${writeText(key)}: ${writeValue(value, isDate)}`, eol);
  }
  const node = pair.value;
  const current: unknown =
    node === null ? null : (node as { toJS: (doc: typeof document) => unknown }).toJS(document);
  if (sameValue(current, value)) return yaml;
  if (Array.isArray(value) && value.length > 0 && isSeq(node) && node.items.length > 0) {
    return editList(yaml, key, node, value, document, eol);
  }
  const written = writeValue(value, isDate && !isQuotedText(node));
  return replaceValue(yaml, key, pair, written, eol);
};

/** A date that was text stays text: whoever reads it may count on that. */
const isQuotedText = (node: unknown): boolean =>
  isScalar(node) && node.value !== '' && /^QUOTE/.test(node.type ?? '');

const addKey = (
  yaml: string,
  map: ReturnType<typeof findMap>,
  line: string,
  eol: LineBreak,
): string => {
  const last = map?.items.at(-1);
  if (!map || !last) {
    if (map?.flow && map.range) {
      const inside = yaml.indexOf('{', map.range[0]) + 1;
      return `${yaml.slice(0, inside)}${line}${yaml.slice(inside)}`;
    }
    return `${yaml}${line}${eol}`;
  }
  if (map.flow) {
    const at = pairStop(last);
    return `${yaml.slice(0, at)}, ${line}${yaml.slice(at)}`;
  }
  const start = pairStart(map.items[0] ?? last);
  const indent = yaml.slice(lineStart(yaml, start), start);
  // Comments at the end stay there: the key may yet be moved to the front.
  const stop = lineStop(yaml, pairStop(last));
  const at = /^[ \t]*#/m.test(yaml.slice(stop)) ? stop : yaml.length;
  return `${yaml.slice(0, at)}${/^ *$/.test(indent) ? indent : ''}${line}${eol}${yaml.slice(at)}`;
};

type Token = { readonly type: string; readonly offset: number; readonly source: string };

/** The tokens between key and value: colon, spaces, comments, anchor, tag. */
const separators = (pair: Pair): readonly Token[] =>
  ((pair as { srcToken?: { sep?: readonly Token[] } }).srcToken?.sep ?? []) as readonly Token[];

const replaceValue = (
  yaml: string,
  key: string,
  pair: Pair,
  written: string,
  eol: LineBreak,
): string | Refused => {
  const tokens = separators(pair);
  const colon = tokens.findIndex(({ type }) => type === 'map-value-ind');
  const node = pair.value as { range?: readonly [number, number, number] | null } | null;
  const { srcToken } = pair as { srcToken?: { explicitKey?: boolean } };
  if (colon < 0 || !node?.range || srcToken?.explicitKey) {
    return { refused: `writes the key ${key} in a form ("? ${key}") that is not edited` };
  }
  const afterColon = (tokens[colon]?.offset ?? 0) + 1;
  const props = tokens.slice(colon).find(({ type }) => type === 'anchor' || type === 'tag');
  const [from, to] = [Math.min(props?.offset ?? node.range[0], node.range[0]), node.range[1]];
  if (from >= to) return `${yaml.slice(0, afterColon)} ${written}${yaml.slice(afterColon)}`;
  const old = yaml.slice(from, to);
  if (!isScalar(pair.value) && /(?:^|\s)#/.test(old)) {
    return { refused: `has comments inside ${key} that would be lost` };
  }
  const rest = /[\r\n]$/.test(old) ? `${eol}${yaml.slice(to)}` : yaml.slice(to);
  if (lineStart(yaml, from) <= afterColon) return yaml.slice(0, from) + written + rest;
  const between = yaml.slice(afterColon, lineStart(yaml, from));
  const left = /[\r\n]$/.test(old) ? yaml.slice(to) : yaml.slice(lineEnd(yaml, to));
  return `${yaml.slice(0, afterColon)} ${written}${between}${left}`;
};

const findMap = (yaml: string, eol: LineBreak) => {
  const parsed = parseFrontmatter(yaml, eol);
  return isRefused(parsed) ? undefined : parsed.map;
};

/** Reads the result again and compares every other key's source text and value with before. */
const findDamage = (
  before: SplitDocument,
  text: string,
  { set, remove = [] }: FrontmatterEdit,
): string | undefined => {
  const failed = 'has frontmatter that cannot be edited without touching other keys';
  const after = splitFrontmatter(text);
  if (isRefused(after)) return `${failed} (the result ${after.refused})`;
  if (after.body !== before.body || after.bom !== before.bom) return failed;
  const touched = [...Object.keys(set), ...remove];
  const old = readPairs(before.yaml, before.eol);
  const now = readPairs(after.yaml, after.eol);
  if (!old || !now) return failed;
  const others = (pairs: ReadonlyMap<string, PairText>) =>
    [...pairs.values()]
      .filter(({ key }) => !touched.some((one) => isSameKey(key, one)))
      .map(({ text: source, value }) => canonicalPair(source, value))
      .sort();
  if (canonicalJson(others(old)) !== canonicalJson(others(now))) return failed;
  const named = (pairs: ReadonlyMap<string, PairText>, name: string) =>
    [...pairs.values()].find(({ key }) => isSameKey(key, name));
  const removed = remove.flatMap((key) => named(old, key)?.text ?? []).join('\n');
  const kept = [...commentsOf(after.yaml), ...commentsOf(removed)];
  for (const comment of commentsOf(before.yaml)) {
    const at = kept.indexOf(comment);
    if (at < 0) return `has the comment "${comment}", which would be lost`;
    kept.splice(at, 1);
  }
  for (const [key, value] of Object.entries(set)) {
    if (remove.includes(key)) continue;
    const pair = named(now, key);
    if (pair?.key !== (named(old, key)?.key ?? key) || !sameValue(pair.value, value)) return failed;
  }
  return remove.some((key) => named(now, key)) ? failed : undefined;
};

/** The comments of YAML, those beside block scalars and inside values too. */
const commentsOf = (yaml: string): readonly string[] => {
  const comments: string[] = [];
  const look = (token: unknown): void => {
    if (token === null || typeof token !== 'object') return;
    const { type, source } = token as { readonly type?: unknown; readonly source?: unknown };
    if (type === 'comment' && typeof source === 'string') comments.push(source.trim());
    else for (const inner of Object.values(token)) look(inner);
  };
  for (const token of new Parser().parse(yaml.replaceAll(/\r\n?/g, '\n'))) look(token);
  return comments;
};

type PairText = { readonly key: string; readonly text: string; readonly value: unknown };

const canonicalPair = (source: string, value: unknown): string => {
  try {
    return canonicalJson([source, value]);
  } catch {
    return source;
  }
};

const readPairs = (yaml: string, eol: LineBreak): ReadonlyMap<string, PairText> | undefined => {
  const parsed = parseFrontmatter(yaml, eol);
  if (isRefused(parsed)) return undefined;
  const { map, document } = parsed;
  if (map && !isMap(map)) return undefined;
  return new Map(
    map?.items.map((pair) => {
      const source = yaml.slice(pairStart(pair), pairStop(pair));
      const name =
        isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined;
      const node = pair.value as { toJS: (doc: typeof document) => unknown } | null;
      const value = node === null ? null : node.toJS(document);
      return [
        name === undefined ? source : `"${name}"`,
        { key: name ?? '\0', text: source, value },
      ];
    }),
  );
};
