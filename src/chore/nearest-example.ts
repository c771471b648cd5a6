// SPDX-License-Identifier: GPL-3.0-only
import type { ChoreManifest } from './schema.ts';

/**
 * For a sentence an example of the chore that it is about most likely, by the words of the chore's own
 * sentences: those that few chores use weigh most (inverse document frequency, Spärck Jones 1972).
 * `undefined` where it shares no telling word with any.
 */
export const nearestExample = (
  chores: readonly Pick<
    ChoreManifest,
    'name' | 'description' | 'sentences' | 'near' | 'phrases' | 'examples'
  >[],
): ((sentence: string) => string | undefined) => {
  const vocabularies = chores.map(({ name, description, sentences, near, phrases, examples }) => {
    const said = [...sentences, ...near].flatMap((one) =>
      typeof one === 'string' ? [one] : one.say,
    );
    // Places (`{from:name}`) and the names of phrases (`<have>`) are no words of it.
    const texts = [...said, ...Object.values(phrases)].map((one) =>
      one.replace(/\{[^}]*\}|<[^>]*>/gu, ' '),
    );
    return {
      examples,
      words: new Set(wordsOf([name, description, ...examples, ...texts].join(' '))),
    };
  });
  const weightOf = (word: string): number => {
    const count = vocabularies.filter(({ words }) => words.has(word)).length;
    return count === 0 ? 0 : Math.log(vocabularies.length / count);
  };
  const weigh = (words: readonly string[]): number =>
    words.reduce((sum, word) => sum + weightOf(word), 0);
  /** Less than a word that a third of the chores use tells nothing. */
  const least = Math.log(3);
  return (sentence) => {
    const said = wordsOf(sentence.slice(0, 1000));
    let best: { readonly example: string; readonly weight: number } | undefined;
    for (const { examples, words } of vocabularies) {
      const weight = weigh(said.filter((word) => words.has(word)));
      if (weight <= Math.max(best?.weight ?? 0, least)) continue;
      const sharedBy = (example: string): number =>
        weigh(wordsOf(example).filter((word) => said.includes(word)));
      const [example] = examples.toSorted((a, b) => sharedBy(b) - sharedBy(a));
      if (example !== undefined) best = { example, weight };
    }
    return best?.example;
  };
};

/** Words that tell nothing of what a sentence is about. */
const filler = new Set(
  'all and are both can code each every file files first for from has have into its last make more own than that the their them there this too use was with'.split(
    ' ',
  ),
);

/** Distinct, none of a path, and without the endings that make `tests` of `test` and `renamed` of `rename`. */
const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    (
      text
        .toLowerCase()
        .replace(/\S+\/\S*/gu, ' ')
        .match(/\p{L}{3,}/gu) ?? []
    )
      .filter((word) => !filler.has(word))
      .map((word) => word.replace(/(?:ation|ed|e?s)$/u, '').replace(/e$/u, '')),
  ),
];
