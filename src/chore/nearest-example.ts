// SPDX-License-Identifier: GPL-3.0-only

/** The example that shares most words with a sentence, if any does. */
export const nearestExample = (
  examples: readonly string[],
  sentence: string,
): string | undefined => {
  const said = new Set(wordsOf(sentence));
  let best: { readonly example: string; readonly share: number } | undefined;
  for (const example of examples) {
    const words = wordsOf(example);
    const shared = words.filter((word) => said.has(word)).length;
    const share = shared + shared / words.length;
    if (shared > 0 && share > (best?.share ?? 0)) best = { example, share };
  }
  return best?.example;
};

/** Words that tell nothing of what a sentence is about. */
const filler = new Set(
  'all every each has have the its are and with for from there start first file files longer'.split(
    ' ',
  ),
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
