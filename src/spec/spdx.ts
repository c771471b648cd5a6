// SPDX-License-Identifier: GPL-3.0-only
import { createRequire } from 'node:module';

/*
 * The SPDX list of licences and its expressions (SPDX 2.3, annex D). Loaded when a licence is first
 * read, since most starts read none.
 */

const require = createRequire(import.meta.url);

type Tree =
  | { readonly license: string; readonly plus?: true; readonly exception?: string }
  | { readonly left: Tree; readonly conjunction: 'and' | 'or'; readonly right: Tree };

let cached: { readonly ids: readonly string[]; readonly spelled: ReadonlyMap<string, string> };

const list = () => {
  if (!cached) {
    const current = require('spdx-license-ids') as readonly string[];
    const old = require('spdx-license-ids/deprecated') as readonly string[];
    const spelled = new Map([...current, ...old].map((id) => [id.toLowerCase(), id]));
    cached = { ids: current, spelled };
  }
  return cached;
};

/** Longer ones nobody writes; the parser's time grows with the square of the length. */
const maxExpression = 500;

/** One id or operator; `LicenseRef-` names are free. */
const word = /[\w.:+-]+|[()]/gu;

/**
 * A licence id or expression as the SPDX list spells it, in any case and with spaces as usual;
 * `undefined` for what is none.
 */
export const readExpression = (text: string): string | undefined => {
  const words = (text.match(word) ?? []).map(spell);
  const expression = words.join(' ').replace(/\( | \)/gu, (part) => part.trim());
  return text.replace(word, '').trim() === '' && parse(expression) ? expression : undefined;
};

const spell = (text: string): string => {
  const { spelled } = list();
  if (/^(?:and|or|with)$/iu.test(text)) return text.toUpperCase();
  const plain = text.endsWith('+') ? spelled.get(text.slice(0, -1).toLowerCase()) : undefined;
  return spelled.get(text.toLowerCase()) ?? (plain === undefined ? text : `${plain}+`);
};

const parse = (expression: string): Tree | undefined => {
  if (expression.length > maxExpression) return undefined;
  try {
    return (require('spdx-expression-parse') as (source: string) => Tree)(expression);
  } catch {
    return undefined;
  }
};

/** Whether two expressions say the same, in whatever order. */
export const sameExpression = (one: string, other: string): boolean =>
  one === other || (ordered(parse(one)) ?? one) === (ordered(parse(other)) ?? other);

const ordered = (tree: Tree | undefined): string | undefined => {
  if (!tree) return undefined;
  if ('license' in tree) {
    return [tree.license, tree.plus ? '+' : '', tree.exception ?? ''].join(' ');
  }
  const sides = [ordered(tree.left), ordered(tree.right)].sort();
  return `(${sides.join(` ${tree.conjunction} `)})`;
};

/** The listed id that is spelled most like this one; `undefined` where none is near. */
export const nearestId = (text: string): string | undefined => {
  const wanted = text.toLowerCase();
  if (wanted.length > maxExpression) return undefined;
  let best: { readonly id: string; readonly edits: number } | undefined;
  for (const id of list().ids) {
    const edits = editsBetween(wanted, id.toLowerCase());
    // Of versions equally near the later one is listed later.
    if (edits <= (best?.edits ?? Math.max(2, wanted.length / 4))) best = { id, edits };
  }
  return best?.id;
};

/** How many letters must be put in, left out or replaced (Levenshtein). */
const editsBetween = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= other.length; to += 1) {
      const replaced = (row[to - 1] ?? 0) + (one[at - 1] === other[to - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};
