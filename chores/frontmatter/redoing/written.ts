// SPDX-License-Identifier: GPL-3.0-only
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  Parser,
  parse,
  parseDocument,
  type Scalar,
  visit,
} from 'yaml';
import { canonicalJson, type Json } from '../../../src/data/digest.ts';

/** Whether a key's lines say exactly this, to every reader of YAML, with the comments that were there. */
export const saysExactly = (
  lines: string,
  old: string,
  name: string,
  value: Json,
  isDate: boolean,
): boolean => {
  const text = lines.replaceAll(/\r\n?/g, '\n');
  const before = old.replaceAll(/\r\n?/g, '\n');
  if (!hasPlainTokens(text, before)) return false;
  const document = parseDocument(text, { logLevel: 'error', prettyErrors: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return false;
  const [pair, ...others] = document.contents.items;
  if (!pair || others.length > 0 || !isScalar(pair.key) || pair.key.value !== name) return false;
  const [begin = 0, end = 0] = [pair.key.range?.[1], (pair.value as Node | null)?.range?.[0]];
  if (!isSeq(pair.value) && text.slice(begin, end).includes('\n')) return false;
  const said: unknown = document.toJS()?.[name];
  const scalars = isNode(pair.value) ? newScalars(pair.value, text, before) : [];
  return (
    same(said, value) &&
    same(remarksOf(text), remarksOf(before)) &&
    isKey(pair.key as Node, text, before, name) &&
    scalars.every((one) => isSafe(one, isDate))
  );
};

/** The key and its colon as they stood, else plainly or in quotes without escapes, and one blank. */
const isKey = (key: Node, text: string, before: string, name: string): boolean => {
  const end = key.range?.[1] ?? 0;
  const source = text.slice(key.range?.[0], end);
  const colon = (lines: string): string => /^ *:[^\S\n]*/.exec(lines.slice(end))?.[0] ?? '';
  const usual = [':', ': ', ...(before === '' ? [] : [colon(before)])];
  if (!usual.includes(colon(text))) return false;
  if (before !== '') return before.startsWith(text.slice(0, end));
  const [plain] = scalarsOf(key, text);
  return (
    plain !== undefined && isSafe(plain, false) && /^(["']?)(.*)\1$/.exec(source)?.[2] === name
  );
};

/** Whether two values are the same JSON; what JSON does not have is never the same. */
export const same = (a: unknown, b: unknown): boolean => {
  try {
    return canonicalJson(a ?? null) === canonicalJson(b ?? null);
  } catch {
    return false;
  }
};

type Written = { readonly node: Scalar; readonly source: string };

const scalarsOf = (node: Node, text: string): readonly Written[] => {
  const found: Written[] = [];
  visit(node, {
    Scalar: (_, scalar) => {
      found.push({
        node: scalar,
        source: text.slice(scalar.range?.[0], scalar.range?.[1]).trimEnd(),
      });
    },
  });
  return found;
};

/** Those that the old lines do not have just so as entries of their list. */
const newScalars = (value: Node, text: string, before: string): readonly Written[] => {
  const document = parseDocument(before, { logLevel: 'error', prettyErrors: false });
  const list = isMap(document.contents) ? document.contents.items[0]?.value : undefined;
  const kept = new Set(
    isSeq(list) && isSeq(value)
      ? list.items
          .filter(isScalar)
          .flatMap((item) => scalarsOf(item, before).map((one) => one.source))
      : [],
  );
  return scalarsOf(value, text).filter(({ source }) => !kept.has(source));
};

/** One line, the same in YAML 1.1 and 1.2, and nothing that some reader makes more of. */
const isSafe = ({ node, source }: Written, isDate: boolean): boolean => {
  if (/[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u.test(source)) return false;
  if (isDate) return node.type === 'PLAIN' && source === node.value;
  if (node.type === 'QUOTE_DOUBLE') return isJson(source);
  if (node.type === 'QUOTE_SINGLE') return true;
  if (node.type !== 'PLAIN' || /^[-?:.+=~<]|: |\s#/.test(source)) return false;
  if (typeof node.value !== 'string')
    return source === String(node.value) && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(source);
  const [old, now] = (['1.1', '1.2'] as const).map((version) => readAlone(source, version));
  return old === node.value && now === node.value && !/^(?:nan|inf)$/i.test(source);
};

const readAlone = (source: string, version: '1.1' | '1.2'): unknown => {
  try {
    return parse(source, { version, logLevel: 'error' });
  } catch {
    return undefined;
  }
};

/** Escapes that JSON has too, and no halves of signs. */
const isJson = (source: string): boolean => {
  if (/\\u[dD][89abAB]|\\[bfnrt]/.test(source.replace(/\\\\/g, ''))) return false;
  try {
    return typeof JSON.parse(source) === 'string';
  } catch {
    return false;
  }
};

type Token = { readonly type: string; readonly source: string; readonly offset: number };

const allowed: ReadonlySet<string> = new Set([
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'space',
  'newline',
  'comma',
  'comment',
  'map-value-ind',
  'seq-item-ind',
  'flow-seq-start',
  'flow-seq-end',
  'flow-map-start',
  'flow-map-end',
]);

/** The tokens of YAML in their order. */
const tokensOf = (yaml: string): readonly Token[] => {
  const tokens: Token[] = [];
  const look = (part: unknown): void => {
    if (part === null || typeof part !== 'object') return;
    const { type, source, offset } = part as Partial<Token>;
    if (typeof source === 'string' && type !== undefined)
      tokens.push({ type, source, offset: offset ?? 0 });
    for (const inner of Object.values(part)) look(inner);
  };
  for (const token of new Parser().parse(yaml)) look(token);
  return tokens.sort((a, b) => a.offset - b.offset);
};

/** No tag, anchor, alias, block scalar, directive or explicit key; blanks only as they were or single ones. */
const hasPlainTokens = (text: string, before: string): boolean => {
  const old = before.trimEnd().split('\n');
  const rows = text.split('\n').slice(0, text.endsWith('\n') ? -1 : undefined);
  return (
    tokensOf(text).every(({ type }) => allowed.has(type)) &&
    rows.every((row) => old.includes(row) || !/\t|[ \t]$|^$|^ *- {2}/.test(row))
  );
};

/** Comments, each with what it stands beside or above. */
const remarksOf = (yaml: string): readonly string[] => {
  const tokens = tokensOf(yaml).filter(({ source }) => source !== '');
  const isValue = ({ type }: Token): boolean => type.endsWith('scalar');
  return tokens
    .flatMap((token, index) => {
      if (token.type !== 'comment') return [];
      const lineStart = yaml.lastIndexOf('\n', token.offset) + 1;
      if (lineStart === 0) return [`key ${token.source}`];
      const beside = tokens
        .slice(0, index)
        .findLast((one) => one.offset >= lineStart && isValue(one));
      const owner = beside ?? tokens.slice(index).find(isValue);
      return [`${beside ? 'beside' : 'above'} ${owner?.source} ${token.source}`];
    })
    .sort();
};
