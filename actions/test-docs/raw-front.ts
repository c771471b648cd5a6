// SPDX-License-Identifier: GPL-3.0-only
import { parseDocument } from 'yaml';

/*
 * A document taken apart as plainly as can be, on purpose without the code that edits it: a fault
 * there must not hide here. Texts are latin1, one character per byte.
 */

export type RawNote = {
  readonly bom: string;
  /** From the first fence line to the last, with both; empty where there is none. */
  readonly front: string;
  readonly body: string;
};

const fenced =
  /^---[ \t]*(?:ya?ml[ \t]*)?(?:\r\n|\n|\r)(?:[\s\S]*?(?:\r\n|\n|\r))??(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|$)/;

/** Splits at the fences; what is between them counts only where it is a mapping or nothing. */
export const takeApart = (bytes: Uint8Array): RawNote => {
  const all = Buffer.from(bytes).toString('latin1');
  const bom = all.startsWith('\xef\xbb\xbf') ? '\xef\xbb\xbf' : '';
  const rest = all.slice(bom.length);
  const front = fenced.exec(rest)?.[0] ?? '';
  return front !== '' && valuesIn(front) && !isRule(front)
    ? { bom, front, body: rest.slice(front.length) }
    : { bom, front: '', body: rest };
};

/** `---` before an empty line with no key after it: a rule, then text, then another rule. */
const isRule = (front: string): boolean => {
  const lines = innerLines(front);
  const text = lines.some((line) => line.trim() !== '');
  return text && lines[0]?.trim() === '' && valuesIn(front)?.size === 0;
};

/** The lines between the fences, each with its line break. */
export const innerLines = (front: string): readonly string[] =>
  (front.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []).slice(1, -1);

/** The values between the fences by key; `undefined` where they are not valid YAML mappings. */
export const valuesIn = (front: string): Values | undefined => {
  if (front === '') return new Map();
  try {
    const text = Buffer.from(innerLines(front).join(''), 'latin1').toString('utf8');
    const document = parseDocument(text.replace(/\r\n?/g, '\n'), {
      merge: true,
      logLevel: 'error',
    });
    if (document.errors.length > 0) return undefined;
    const value: unknown = document.toJS({ mapAsMap: true, maxAliasCount: 100 });
    if (value === null) return new Map();
    return value instanceof Map
      ? new Map([...value].map(([key, one]) => [plainKey(key), one]))
      : undefined;
  } catch {
    return undefined;
  }
};

/** Lists and mappings as keys are told apart by their JSON. */
const plainKey = (key: unknown): unknown =>
  key !== null && typeof key === 'object' ? JSON.stringify(key) : key;

export type Values = ReadonlyMap<unknown, unknown>;
/** Values by key in any case. */
export type Lookup = Pick<Values, 'get' | 'has' | 'keys'>;

/** A key as it is compared: names in lower case. */
export const foldKey = (key: unknown): unknown =>
  typeof key === 'string' ? key.toLowerCase() : key;

/** `Title` is `title` to those who read frontmatter. */
export const inAnyCase = (values: Values): Lookup => {
  const folded = new Map([...values].map(([key, value]) => [foldKey(key), value]));
  return {
    get: (key) => folded.get(foldKey(key)),
    has: (key) => folded.has(foldKey(key)),
    keys: () => folded.keys(),
  };
};

/** A top-level key's own lines: the key's and all below that are indented, blank or comments. */
export type Block = { readonly key: string; readonly lines: readonly string[] };

/** The frontmatter's keys with their lines; comments and blank lines after a key are its last. */
export const blocksOf = (front: string): readonly Block[] => {
  const blocks: { key: string; lines: string[] }[] = [{ key: '', lines: [] }];
  const lines = innerLines(front);
  const first = lines.find((line) => /^ *[^ #\r\n]/.test(line)) ?? '';
  const indent = /^ */.exec(first)?.[0] ?? '';
  for (const line of lines) {
    const name = line.startsWith(indent) ? keyOf(line.slice(indent.length).trimEnd()) : undefined;
    if (name === undefined) blocks.at(-1)?.lines.push(line);
    else blocks.push({ key: name, lines: [line] });
  }
  return blocks;
};

const keyOf = (line: string): string | undefined => {
  const match = /^(?:"([^"]*)"|'([^']*)'|([^\s#\-"'\]}][^:]*?|-[^\s:][^:]*?))[ \t]*:(?:\s|$)/.exec(
    line,
  );
  const name = match?.[1] ?? match?.[2] ?? match?.[3];
  if (name !== undefined) return Buffer.from(name, 'latin1').toString('utf8');
  return /^[?&!*]/.test(line) ? line : undefined;
};
