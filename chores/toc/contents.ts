// SPDX-License-Identifier: GPL-3.0-only

/**
 * What a link to a heading shows: its Markdown without links; `undefined` where it holds what GitHub makes
 * another text of, such as HTML, an image or an emoji by name.
 */
export const labelOf = (source: string): string | undefined => {
  const text = source.trim().replace(/(?<!!)\[([^[\]]*)\]\([^()\s]*\)/g, '$1');
  const bare = text.replace(/`[^`]*`/g, (code) => code.replace(/[<>&{}:[\]]/g, ''));
  const isOdd =
    /[[\]<>{}|$^]|&#?\w+;|:[a-z0-9_+-]+:|\\| {2}|`{2}|https?:|www\.|[\t\r\n]/i.test(bare) ||
    (bare.match(/`/g) ?? []).length % 2 === 1 ||
    // Taken for a link above.
    /`[^`]*\]\([^`]*`/.test(source);
  return isOdd ? undefined : text;
};

/** The addresses of a page's headings as GitHub makes them, each once. */
export const addressesOf = (labels: readonly string[]): readonly string[] => {
  const counts = new Map<string, number>();
  return labels.map((label) => {
    const plain = slug(label);
    let address = plain;
    for (let count = counts.get(plain) ?? 0; counts.has(address); ) {
      count += 1;
      counts.set(plain, count);
      address = `${plain}-${count}`;
    }
    counts.set(address, 0);
    return address;
  });
};

const slug = (label: string): string =>
  label
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : withoutEmphasis(part)))
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** Without `_` around words; other marks are no part of an address anyway. */
const withoutEmphasis = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}_])(_{1,3})(?=\S)([^_]*[^_\s])\1(?![\p{L}\p{N}_])/gu, '$2');
