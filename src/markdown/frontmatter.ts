// SPDX-License-Identifier: GPL-3.0-only

import {
  type Document,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import { messageOf } from '../data/message-of.ts';
import type { Refused } from './decode-markdown.ts';
import { foreignFront } from './foreign-front.ts';
import { type LineBreak, lineBreakOf, linesOf, type TextLine } from './text-lines.ts';

/** Frontmatter may have at most this many characters. */
const maxFrontmatter = 64 * 1024;
const maxAliases = 100;

/** A document in pieces: `bom + open + yaml + close + body` is the text again, to the byte. */
export type SplitDocument = {
  readonly bom: string;
  /** The fence lines with their line breaks; both empty where there is no frontmatter. */
  readonly open: string;
  readonly yaml: string;
  readonly close: string;
  readonly body: string;
  readonly eol: LineBreak;
};

/** The parsed frontmatter; `map` is absent where it is empty or holds only comments. */
export type ParsedFrontmatter = { readonly document: Document; readonly map: YAMLMap | undefined };

/** Eleventy and gray-matter take the language's name behind it. */
const fence = /^---[ \t]*(?:ya?ml[ \t]*)?$/;
const closing = /^(?:---|\.\.\.)[ \t]*$/;
const keyLine =
  /^(?:"[^"\n]+"|'[^'\n]+'|[\p{L}\p{N}_$](?:[\p{L}\p{N}_.$ -]*[\p{L}\p{N}_.$-])?)[ \t]*:(?:[ \t]|$)/u;

/**
 * Finds the frontmatter as Jekyll does (`---` on the first line, up to `---` or `...`), and as
 * Pandoc does takes `---` before an empty line for a rule when no keys follow. What could be either
 * is refused, as is frontmatter that is not a YAML mapping.
 */
export const splitFrontmatter = (text: string): SplitDocument | Refused => {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const rest = text.slice(bom.length);
  const eol = lineBreakOf(text);
  const none: SplitDocument = { bom, open: '', yaml: '', close: '', body: rest, eol };
  const foreign = foreignFront(rest);
  if (foreign) return { refused: `has ${foreign}, and only YAML between "---" can be edited` };
  const { first, second, close, misplaced } = findFences(rest);
  if (misplaced) return { refused: 'has frontmatter that does not begin on the first line' };
  if (!first) return none;
  const blankNext = second === undefined || second.text.trim() === '';
  if (!close) {
    return !blankNext && startsWithKeys(rest.slice(first.end))
      ? { refused: 'opens frontmatter with "---" on line 1 and never closes it' }
      : none;
  }
  const yaml = rest.slice(first.end, close.start);
  const split: SplitDocument = {
    bom,
    open: rest.slice(0, first.end),
    yaml,
    close: rest.slice(close.start, close.end),
    body: rest.slice(close.end),
    eol,
  };
  const parsed = parseFrontmatter(yaml, eol);
  const onlyHeadings = 'document' in parsed && !parsed.map && yaml.trim() !== '';
  if (beginsAgain(split)) return { refused: 'has a second block of frontmatter below the first' };
  if (blankNext && ('refused' in parsed || onlyHeadings) && !hasKeyLine(yaml)) return none;
  return 'refused' in parsed ? parsed : split;
};

/** Parses what stands between the fences. Offsets in the result count in `yaml` itself. */
export const parseFrontmatter = (yaml: string, eol: LineBreak): ParsedFrontmatter | Refused => {
  if (yaml.length > maxFrontmatter) {
    return { refused: `has frontmatter of more than ${maxFrontmatter} characters` };
  }
  if (eol !== '\r' && /\r(?!\n)/.test(yaml)) {
    return { refused: 'has a bare carriage return in its frontmatter' };
  }
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(eol === '\r' ? yaml.replaceAll('\r', '\n') : yaml, {
      keepSourceTokens: true,
      lineCounter,
      merge: true,
      logLevel: 'error',
      prettyErrors: false,
    });
    const problem = document.errors[0];
    if (problem) {
      const line = lineCounter.linePos(problem.pos[0]).line + 1;
      return {
        refused: `has frontmatter that is not valid YAML: ${wordsOf(problem)} (line ${line})`,
      };
    }
    const { contents } = document;
    const empty = contents === null || (isScalar(contents) && contents.source === '');
    if (empty) return { document, map: undefined };
    if (!isMap(contents)) {
      return { refused: 'has frontmatter that is text or a list, not keys with values' };
    }
    document.toJS({ maxAliasCount: maxAliases, mapAsMap: true });
    return { document, map: contents };
  } catch (cause) {
    const message = messageOf(cause);
    return { refused: `has frontmatter that is not valid YAML: ${message}` };
  }
};

const wordsOf = ({ code, message }: YAMLParseError): string =>
  code === 'DUPLICATE_KEY'
    ? 'a key is a duplicate'
    : code === 'MULTIPLE_DOCS'
      ? 'a line that begins with "---" divides it'
      : message;

/** Whether two keys are one: to Hugo and Obsidian `Title` is `title`. */
export const isSameKey = (a: unknown, b: string): boolean =>
  typeof a === 'string' && a.toLowerCase() === b.toLowerCase();

/** The pair of a top-level key written as text, in any case; `undefined` where there is none. */
export const findPair = (map: YAMLMap | undefined, key: string): Pair | undefined =>
  map?.items.find((pair) => isScalar(pair.key) && isSameKey(pair.key.value, key));

/** The value of a top-level key in any case, own or merged in by `<<`; `undefined` where there is none. */
export const keyValue = (parsed: ParsedFrontmatter, key: string): unknown =>
  valuesOf(parsed).find(([name]) => isSameKey(name, key))?.[1];

/** Why keys cannot be looked up: two spellings of one of them (`Title` and `title`), of which readers take either. */
export const spellingRefusal = (
  parsed: ParsedFrontmatter,
  keys: Iterable<string>,
): string | undefined => {
  const names = valuesOf(parsed).map(([name]) => name);
  for (const key of keys) {
    const spellings = names.filter((name) => isSameKey(name, key));
    if (spellings.length > 1)
      return `has the keys ${spellings.join(' and ')}, which are one key to some readers; keep one`;
  }
  return undefined;
};

const valuesOf = ({ document, map }: ParsedFrontmatter): readonly [string, unknown][] => {
  const values: unknown = map ? document.toJS({ maxAliasCount: maxAliases }) : {};
  return values !== null && typeof values === 'object' ? Object.entries(values) : [];
};

type Fences = {
  readonly first?: TextLine;
  readonly second?: TextLine;
  readonly close?: TextLine;
  readonly misplaced?: boolean;
};

/** Frontmatter that its author means may be below comments, imports and what cannot be seen. */
const unseen = /[\s\u200b\u2060\ufeff]/;

/** A line without what cannot be seen at its ends. */
const visible = (text: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && unseen.test(text[start] ?? '')) start += 1;
  while (end > start && unseen.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
};

const findFences = (rest: string): Fences => {
  let first: TextLine | undefined;
  let second: TextLine | undefined;
  let inComment = false;
  for (const line of linesOf(rest)) {
    if (!first) {
      const text = visible(line.text);
      if (inComment || text.startsWith('<!--')) {
        inComment = !text.includes('-->');
        continue;
      }
      if (text === '' || /^(?:import|export)\b/.test(text)) continue;
      if (!fence.test(text)) return {};
      if (line.start > 0 || text !== line.text.trimEnd()) {
        return { misplaced: isClosedBlock(rest.slice(line.end)) };
      }
      first = line;
    } else {
      second ??= line;
      if (closing.test(line.text)) return { first, second, close: line };
    }
  }
  return { ...(first && { first }), ...(second && { second }) };
};

/** Frontmatter whose first fence is closed at once, or that is followed by another one. */
const beginsAgain = ({ yaml, body }: SplitDocument): boolean =>
  yaml.trim() === ''
    ? isClosedBlock(body)
    : fence.test(body.slice(0, body.search(/[\r\n]/))) &&
      isClosedBlock(body.slice(body.search(/[\r\n]/)).trimStart());

/** Keys, up to a line that closes frontmatter. */
const isClosedBlock = (text: string): boolean => {
  if (!startsWithKeys(text)) return false;
  for (const line of linesOf(text)) if (closing.test(visible(line.text))) return true;
  return false;
};

const startsWithKeys = (text: string): boolean => {
  for (const line of linesOf(text)) {
    if (line.text.startsWith('#')) continue;
    return keyLine.test(line.text);
  }
  return false;
};

const hasKeyLine = (yaml: string): boolean => {
  for (const line of linesOf(yaml)) if (keyLine.test(line.text)) return true;
  return false;
};
