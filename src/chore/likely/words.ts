// SPDX-License-Identifier: GPL-3.0-only

/** Words that tell nothing of what a sentence is about. */
const filler = new Set(
  'all and are both can could code each every file files first for from has have into its last make more not own please should src than that the their them there this too use was were will with would'.split(
    ' ',
  ),
);

/**
 * The distinct words of a text that tell what it is about, none of a path, without the endings that make
 * `tests` of `test` and `renaming` of `rename`.
 */
export const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    (
      text
        .toLowerCase()
        .replace(/\S+\/\S*/gu, ' ')
        .match(/\p{L}{3,}/gu) ?? []
    )
      .filter((word) => !filler.has(word))
      .map((word) => word.replace(/(?:ation|ing|ed|e?s)$/u, '').replace(/e$/u, '')),
  ),
];
