// SPDX-License-Identifier: GPL-3.0-only

/**
 * Puts texts between `<!-- KIND: NAME -->` and `<!-- end -->`.
 * @throws Error when a place has no text, or an end no beginning.
 */
export const fillParts = (
  page: string,
  kind: 'written' | 'file',
  textOf: (name: string) => string | undefined,
): string =>
  page.replace(
    new RegExp(`(<!-- ${kind}: (\\S+) -->\\n)[\\s\\S]*?(<!-- end -->)`, 'g'),
    (_, start: string, name: string, end: string) => {
      const text = textOf(name);
      if (text === undefined) throw new Error(`nothing is written for "${name}"`);
      return `${start}\n${text.trimEnd()}\n\n${end}`;
    },
  );

/** The names of a page's places. */
export const placesIn = (page: string, kind: 'written' | 'file'): readonly string[] =>
  [...page.matchAll(new RegExp(`<!-- ${kind}: (\\S+) -->`, 'g'))].map(([, name]) => name ?? '');

/** A text as Markdown shows a file, with a longer fence where it holds one of its own. */
export const fence = (name: string, text: string): string => {
  const language = /\.(\w+)$/.exec(name)?.[1] ?? 'md';
  const marks = '`'.repeat(text.includes('```') ? 4 : 3);
  return `${marks}${language}\n${text}\n${marks}`;
};
