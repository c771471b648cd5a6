// SPDX-License-Identifier: GPL-3.0-only
import { isRefused, type Refused } from '../../markdown/decode-markdown.ts';
import {
  type ParsedFrontmatter,
  parseFrontmatter,
  splitFrontmatter,
} from '../../markdown/frontmatter.ts';

/** A top-level key of frontmatter with its lines, as they stand and without line breaks. */
export type KeyLines = { readonly key: string; readonly lines: readonly string[] };

/** One side of a patch of a note, in the parts that suspicions are about. */
export type NoteSide = {
  readonly text: string;
  readonly bom: string;
  readonly parsed: ParsedFrontmatter;
  readonly hasFront: boolean;
  readonly front: readonly string[];
  readonly keys: readonly KeyLines[];
  readonly body: string;
};

/** Reads a note's text; refused where its frontmatter cannot be read. */
export const readSide = (text: string): NoteSide | Refused => {
  const split = splitFrontmatter(text);
  if (isRefused(split)) return split;
  const parsed = parseFrontmatter(split.yaml, split.eol);
  if (isRefused(parsed)) return parsed;
  const front = split.yaml === '' ? [] : split.yaml.replace(/\r?\n$/, '').split(/\r\n|[\r\n]/);
  return {
    ...{ text, parsed, front, bom: split.bom, body: split.body },
    hasFront: split.open !== '',
    keys: keysIn(front),
  };
};

/** A key begins where a line begins with neither a blank nor a dash nor a comment. */
const keysIn = (lines: readonly string[]): readonly KeyLines[] => {
  const keys: { key: string; lines: string[] }[] = [];
  for (const line of lines) {
    if (/^#/.test(line)) continue;
    if (/^(?:[\s-]|$)/.test(line)) keys.at(-1)?.lines.push(line);
    else keys.push({ key: (/^[^:]*/.exec(line)?.[0] ?? '').trim(), lines: [line] });
  }
  return keys;
};
