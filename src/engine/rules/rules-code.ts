// SPDX-License-Identifier: GPL-3.0-only
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { digestOf } from '../../data/digest.ts';

/** A string, a template or a regular expression: what stands in it is not told apart from a comment. */
const literal =
  /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=(?:[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/[\\\n])+\/[a-z]*/
    .source;
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//.source;
const skipped = new RegExp(`${comment}|${literal}`, 'g');
const handedOn = /\b(?:import|export)\b[^;'"()=]*\bfrom\s*''|\bimport\s*''/g;

/**
 * What a module does, as far as its text shows: without comments, white space, what it imports and hands on, and
 * what stands in its strings. Two modules may come out the same that are not; never the other way round by
 * a comment or a blank.
 */
export const bareCode = (source: string): string =>
  source
    .replace(skipped, (part) => (part.startsWith('//') || part.startsWith('/*') ? ' ' : "''"))
    .replace(handedOn, '')
    .replace(/[\s;]+/g, '');

/** sha256 over the bare code of a module and of those beside it that it leads to. */
export const codeDigest = async (
  folder: string,
  entry: string,
  modules: ReadonlySet<string>,
): Promise<string> => {
  const codes = new Map<string, string>();
  const pending = [entry];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (codes.has(path)) continue;
    const source = await readFile(join(folder, path), 'utf8');
    codes.set(path, bareCode(source));
    for (const [, name = ''] of source.matchAll(/['"](\.{1,2}\/[^'"\n]+)['"]/g)) {
      const other = posix.join(posix.dirname(path), name);
      if (modules.has(other)) pending.push(other);
    }
  }
  return digestOf([...new Set(codes.values())].filter((code) => code !== '').sort());
};
