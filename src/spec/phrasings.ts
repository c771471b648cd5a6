// SPDX-License-Identifier: GPL-3.0-only

/** One way to say each thing that is understood; docs/specs.md shows the same. */
export const phrasings: readonly string[] = [
  'All *.md have GPL header',
  'All *.ts start with "// SPDX-License-Identifier: MIT"',
  '`toSlug` is exported from `src/index.ts`',
  'Rename `oldName` to `newName`',
  'All uses of the old name are updated',
  '`oldName` no longer appears',
  '`toSlug` has a doc comment',
  'Every exported function in src/ has a doc comment',
  'There is a test for `toSlug` in `test/to-slug.test.ts`',
  'The frontmatter of every note is normalised',
  'Every note has a title and tags',
  'The title of every note is taken from its first heading',
  'The tags of every note are kept',
  'The body of every note is unchanged',
  'Every link resolves',
  'All tests pass',
];

/** The understood sentence that shares most words with this one, if any does. */
export const nearestPhrasing = (sentence: string): string | undefined => {
  const said = new Set(wordsOf(sentence));
  let best: { readonly phrasing: string; readonly share: number } | undefined;
  for (const phrasing of phrasings) {
    const words = wordsOf(phrasing);
    const shared = words.filter((word) => said.has(word)).length;
    const share = shared + shared / words.length;
    if (shared > 0 && share > (best?.share ?? 0)) best = { phrasing, share };
  }
  return best?.phrasing;
};

/** Words that tell nothing of what a sentence is about. */
const filler = new Set(
  'all every each has have the its are and with for from there start first file longer'.split(' '),
);

/** Distinct, and without the endings that make `tests` of `test` and `renamed` of `rename`. */
const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    (
      text
        .slice(0, 1000)
        .toLowerCase()
        .match(/\p{L}{3,}/gu) ?? []
    )
      .filter((word) => !filler.has(word))
      .map((word) => word.replace(/(?:ation|ed|e?s)$/u, '').replace(/e$/u, '')),
  ),
];
