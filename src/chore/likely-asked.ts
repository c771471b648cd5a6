// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import { once } from '../data/memoise.ts';
import type { Arguments, Asked } from '../spec/asked.ts';
import { fillPlaces, type PlaceReader, placeReader } from './fill-places.ts';
import { standardPhrases } from './phrases.ts';
import type { Chore } from './read-chore.ts';
import { plainSentence, type Sentence, unquote } from './sentence.ts';
import { insertPhrases, type SentencePattern } from './template.ts';
import { wordsOf } from './words.ts';

/** What a sentence is about most likely: an example of the chore, and what it asks if that can be made out. */
export type LikelyAsked = { readonly example: string; readonly asked?: readonly Asked[] };

/** A way to say a chore, and the words in it. */
type Candidate = {
  readonly chore: Chore;
  readonly words: ReadonlySet<string>;
  readonly ways: readonly SentencePattern[];
  readonly args: Arguments;
};

/** Longer text is a story; what is asked stands at its start. */
const mostCharacters = 600;

/** So many of the sayings that share most words are tried. */
const mostTried = 40;

/**
 * Finds the way to say a chore that shares most words with a sentence, those that few chores use weighing
 * most (inverse document frequency, Spärck Jones 1972), and fills its places with what the sentence has
 * of their kinds. A guess: a person takes it or not. `undefined` where no telling word is shared.
 */
export const likelyAsked = (
  chores: readonly Chore[],
  read: (sentence: Sentence) => readonly Asked[] | undefined,
): ((sentence: string) => LikelyAsked | undefined) => {
  const open = once(() => {
    const vocabularies = new Map(chores.map((chore) => [chore, vocabularyOf(chore)]));
    return { candidates: chores.flatMap(candidatesOf), vocabularies };
  });
  return (text) => {
    const { candidates, vocabularies } = open();
    const sentence = plainSentence(text.slice(0, mostCharacters));
    const begun = firstPart(sentence, read);
    if (begun) return { example: exampleOf(begun, chores), asked: begun };
    const said = wordsOf(unquote(sentence.text, { ...sentence, quoted: [] }));
    const weights = new Map(
      said.map((word) => {
        const count = [...vocabularies.values()].filter((words) => words.has(word)).length;
        return [word, count === 0 ? 0 : Math.log(chores.length / count)];
      }),
    );
    const weigh = (words: ReadonlySet<string>): number =>
      said.reduce((sum, word) => sum + (words.has(word) ? (weights.get(word) ?? 0) : 0), 0);
    const byChore = new Map(
      [...vocabularies].map(([chore, words]) => [chore, weigh(words)] as const),
    );
    const ranked = candidates
      .map((candidate) => ({
        candidate,
        weight:
          ((weigh(candidate.words) + (byChore.get(candidate.chore) ?? 0)) / 2) *
          (candidate.chore.manifest.flow === undefined ? conditionShare : 1),
      }))
      .filter(({ weight }) => weight >= leastWeight)
      .sort((a, b) => b.weight - a.weight);
    const [first] = ranked;
    if (!first) return undefined;
    const close = ranked.filter(({ weight }) => weight >= first.weight * closeShare);
    const readPlace = placeReader(sentence);
    let best: { readonly asked: Asked; readonly chore: Chore; readonly score: number } | undefined;
    for (const { candidate, weight } of close.slice(0, mostTried)) {
      const filled = fillBest(candidate, readPlace);
      if (!filled) continue;
      const score = weight + filled.places * placeWeight;
      if (score <= (best?.score ?? 0)) continue;
      const { chore } = candidate;
      best = { asked: { chore: chore.manifest.name, args: filled.args }, chore, score };
    }
    const { chore } = best ?? first.candidate;
    const sharedBy = (example: string): number => weigh(new Set(wordsOf(example)));
    const [example = ''] = chore.manifest.examples.toSorted((a, b) => sharedBy(b) - sharedBy(a));
    return { example, ...(best && { asked: [best.asked] }) };
  };
};

/** What stands before an aside, where that says something: "rename `a` to `b`, docs included". */
const firstPart = (
  { text, quoted }: Sentence,
  read: (sentence: Sentence) => readonly Asked[] | undefined,
): readonly Asked[] | undefined =>
  [...text.matchAll(/[,;:.!?]* \(|[,;:.!?]+ | [-–—] /gu)]
    .toReversed()
    .slice(0, mostAsides)
    .values()
    .map(({ index }) => read({ text: text.slice(0, index), quoted }))
    .find((asked) => asked !== undefined);

const mostAsides = 8;

const exampleOf = ([first]: readonly Asked[], chores: readonly Chore[]): string =>
  chores.find(({ manifest }) => manifest.name === first?.chore)?.manifest.examples[0] ?? '';

/** Less than a word that a third of the chores use tells nothing. */
const leastWeight = Math.log(3);

/** A condition is said beside work more often than alone. */
const conditionShare = 0.65;

/** What has less of the best one's weight is another matter, even where it has all its places. */
const closeShare = 0.9;

/** What a place that is filled counts, in the weight of words. */
const placeWeight = 0.7;

const candidatesOf = (chore: Chore): readonly Candidate[] => {
  const { sentences, near, phrases } = chore.manifest;
  return [...sentences, ...near].flatMap((entry, index): readonly Candidate[] => {
    const saying = [...chore.sayings, ...chore.near][index];
    if (!saying) return [];
    const templates = typeof entry === 'string' ? [entry] : entry.say;
    const words = new Set(templates.flatMap((one) => templateWords(one, phrases)));
    return [{ chore, words, ...saying }];
  });
};

const vocabularyOf = ({ manifest }: Chore): ReadonlySet<string> => {
  const { name, sentences, near, phrases, examples, keywords } = manifest;
  const templates = [...sentences, ...near].flatMap((one) =>
    typeof one === 'string' ? [one] : one.say,
  );
  return new Set([
    ...wordsOf([name, ...examples, ...keywords].join(' ')),
    ...templates.flatMap((one) => templateWords(one, phrases)),
  ]);
};

/** What stands in a template beside its places (`{from:name}`). */
const templateWords = (
  template: string,
  phrases: Readonly<Record<string, string>>,
): readonly string[] =>
  wordsOf(insertPhrases(template, { ...standardPhrases, ...phrases }).replace(/\{[^}]*\}/gu, ' '));

type Filled = { readonly args: Arguments; readonly places: number };

/** Of the ways to say it the one whose places all are in the sentence, and that has most of them. */
const fillBest = ({ chore, ways, args }: Candidate, read: PlaceReader): Filled | undefined => {
  let best: Filled | undefined;
  for (const { places } of ways) {
    const filled = fillPlaces(places, read, takesFiles(chore));
    if (!filled || (best && filled.places <= best.places)) continue;
    best = { args: { ...filled.args, ...args }, places: filled.places };
  }
  return best;
};

const takesFiles = ({ manifest }: Chore): boolean => {
  const { properties } = manifest.args as { readonly properties?: Readonly<Record<string, Json>> };
  return properties !== undefined && Object.hasOwn(properties, 'files');
};
