// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import { licenceHeader, namesLicence } from '../../../../src/spec/licence.ts';

type HeaderIntent = Extract<Intent, { kind: 'header' }>;

const forms = {
  markup: /^<!--((?:(?!--)[\s\S])*)-->\s*$/,
  hash: /^((?:#[^!][^\n]*\r?\n)+)\s*$/,
  block: /^\/\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/,
  script: /^((?:\/\/[^\n]*\r?\n)+|\/\*(?:(?!\*\/)[\s\S])*\*\/)\s*$/,
} as const;

/** What was put in front of a text must be one comment, and say what the sentences want said. */
export const headerOnTop = (
  base: string,
  patched: string,
  headers: readonly HeaderIntent[],
  form: keyof typeof forms,
): readonly string[] => {
  if (!patched.endsWith(base)) return ['not all of the previous text is still there'];
  const added = patched.slice(0, patched.length - base.length);
  if (!forms[form].test(added)) return ['the text added at the top is not a single comment'];
  if (/\n\s*\n\s*\n/.test(added) || (base !== '' && !added.endsWith('\n'))) {
    return ['the header is not on lines of its own'];
  }
  const baseBreaks = breaksIn(base);
  if (baseBreaks.size > 0 && !breaksIn(added).isSubsetOf(baseBreaks)) {
    return ['the line endings of the header are not those of the file'];
  }
  return headers.flatMap((header) => saysHeader(added, header));
};

const breaksIn = (text: string): ReadonlySet<string> => new Set(text.match(/\r?\n/g));

/** A header must say its licence and no other. */
export const saysHeader = (comment: string, { licence, text }: HeaderIntent): readonly string[] => {
  const words = (value: string): string => value.replace(/[\s/*#<>!-]+/g, ' ').trim();
  if (text !== undefined && !words(comment).includes(words(text))) {
    return ['the header does not have the words of the sentence'];
  }
  if (licence === undefined) {
    return text !== undefined || /licen[cs]e|copyright|spdx/i.test(comment)
      ? []
      : ['the comment at the top is not a licence header'];
  }
  if (!namesLicence(comment, licence)) {
    return [`the header does not say "${licenceHeader(licence)}"`];
  }
  const ids = [...comment.matchAll(/SPDX-License-Identifier:\s*([\w.+-]+)/g)];
  return ids.every(([line]) => namesLicence(line, licence))
    ? []
    : ['the header names two licences'];
};
