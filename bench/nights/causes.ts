// SPDX-License-Identifier: GPL-3.0-only
import { parseDocument } from 'yaml';
import type { Trial } from '../docs/variants.ts';

/** Why a file may be left alone, and how its unit's reason must speak of it. */
export type Cause = { readonly name: string; readonly said: RegExp };

const has = (bytes: Buffer, ...start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString('utf8')).equals(bytes);

/**
 * What a file's own bytes give as causes to refuse it, found without the code that refuses; none
 * for a file that must end normalised.
 */
export const causesOf = ({ path, bytes }: Trial): readonly Cause[] => {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const found: (Cause | false)[] = [
    path.startsWith('.github/') && { name: 'protected path', said: /protected/ },
    (has(bytes, 0xff, 0xfe) || has(bytes, 0xfe, 0xff)) && { name: 'UTF-16', said: /UTF-16/ },
    bytes.includes(0) && { name: 'binary (NUL bytes)', said: /binary/ },
    !isUtf8(bytes) && { name: 'not UTF-8', said: /not UTF-8/ },
    /^(?:<{7}|>{7})(?:[ \t\r]|$)/m.test(text) && {
      name: 'merge-conflict markers',
      said: /merge-conflict markers/,
    },
    text.startsWith('version https://git-lfs') && { name: 'Git LFS pointer', said: /LFS pointer/ },
    /^title: \S/i.test(text) && {
      name: 'metadata without "---"',
      said: /metadata without "---"/,
    },
    ...frontCauses(text),
  ];
  return found.filter((cause) => cause !== false);
};

const frontCauses = (text: string): readonly (Cause | false)[] => {
  const front = /^---[ \t]*\r?\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*\r?$/m.exec(text)?.[1];
  if (front === undefined || !text.startsWith('---')) return [];
  const yaml = parseDocument(front.replaceAll('\r', ''), { merge: true, logLevel: 'error' });
  const [problem] = yaml.errors;
  if (problem) return [{ name: `YAML: ${nameOf(problem.code)}`, said: /not valid YAML/ }];
  let values: unknown;
  try {
    values = yaml.toJS({ mapAsMap: true });
  } catch {
    return [{ name: 'YAML: an alias without its anchor', said: /not valid YAML/ }];
  }
  if (values === null) return [];
  if (!(values instanceof Map)) {
    return [{ name: 'frontmatter that is no mapping', said: /text or a list, not keys/ }];
  }
  const [title, tags] = [values.get('title'), values.get('tags')];
  const isNested = (value: unknown) => typeof value === 'object' && value !== null;
  return [
    isNested(title) && { name: 'a title that is not text', said: /title that is not text/ },
    (tags instanceof Map || (Array.isArray(tags) && tags.some(isNested))) && {
      name: 'tags that are not words',
      said: /not a list of words/,
    },
  ];
};

const nameOf = (code: string): string =>
  ({
    DUPLICATE_KEY: 'a key twice',
    TAB_AS_INDENT: 'tabs as indentation',
    MISSING_CHAR: 'a quote that never closes',
    BAD_ALIAS: 'an alias without its anchor',
  })[code] ?? code.toLowerCase().replaceAll('_', ' ');
