// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson, type Json } from '../../data/digest.ts';
import { once } from '../../data/memoise.ts';
import type { Arguments, Asked } from '../../spec/asked.ts';
import { standardPhrases } from '../phrases.ts';
import type { Chore } from '../read-chore.ts';
import { plainSentence, type Sentence, unquote } from '../sentence.ts';
import { insertPhrases, type SentencePattern } from '../template.ts';
import { fillPlaces, type PlaceReader, placeReader } from './fill-places.ts';
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
  const open = once(() => ({
    candidates: chores.flatMap(candidatesOf),
    vocabularies: new Map(chores.map((chore) => [chore, vocabularyOf(chore)])),
  }));
  return (text) => {
    const { candidates, vocabularies } = open();
    const sentence = plainSentence(text.slice(0, mostCharacters));
    const begun = isDenied.test(sentence.text) ? undefined : firstPart(sentence, read);
    if (begun) return { example: exampleOf(begun, chores), asked: begun };
    const said = wordsOf(unquote(sentence.text, { ...sentence, quoted: [] }));
    const weigh = weigher(said, [...vocabularies.values()]);
    const ranked = candidates
      .map(({ chore, ...candidate }) => {
        const share = chore.manifest.flow === undefined ? conditionShare : 1;
        const weight = weigh(candidate.words) + weigh(vocabularies.get(chore) ?? new Set());
        return { chore, ...candidate, weight: (share * weight) / 2 };
      })
      .filter(({ weight }) => weight >= leastWeight)
      .sort((a, b) => b.weight - a.weight);
    const [first] = ranked;
    if (!first) return undefined;
    const close = ranked.filter(({ weight }) => weight >= first.weight * closeShare);
    const best = isDenied.test(sentence.text)
      ? undefined
      : bestFilled(
          close.slice(0, mostTried),
          placeReader(sentence),
          (one) => isSubject(one, said) && isToldApart(one, candidates, said),
        );
    const { chore } = best ?? close.find((one) => isSubject(one, said)) ?? {};
    if (!chore) return undefined;
    const sharedBy = (example: string): number => weigh(new Set(wordsOf(example)));
    const [example = ''] = chore.manifest.examples.toSorted((a, b) => sharedBy(b) - sharedBy(a));
    return {
      example,
      ...(best && { asked: [{ chore: chore.manifest.name, args: best.args }] }),
    };
  };
};

/** "Do not rename ..." asks for no renaming. */
const isDenied = /^(?:please,? )?(?:do not|don't|never)\b/iu;

/** The weight of those of the words that a vocabulary has. */
const weigher = (
  said: readonly string[],
  vocabularies: readonly ReadonlySet<string>[],
): ((words: ReadonlySet<string>) => number) => {
  const weights = said.map((word) => {
    const count = vocabularies.filter((words) => words.has(word)).length;
    return { word, weight: count === 0 ? 0 : Math.log(vocabularies.length / count) };
  });
  return (words) =>
    weights.reduce((sum, { word, weight }) => sum + (words.has(word) ? weight : 0), 0);
};

type Ranked = Candidate & { readonly weight: number };

/** "Tags in kebab case" and "in lower case" are told apart by a word that only one of them has. */
const isToldApart = (
  { chore, args, words }: Candidate,
  candidates: readonly Candidate[],
  said: readonly string[],
): boolean => {
  const others = candidates.filter(
    (other) => other.chore === chore && canonicalJson(other.args) !== canonicalJson(args),
  );
  return (
    Object.keys(args).length === 0 ||
    others.length === 0 ||
    said.some((word) => words.has(word) && others.some((other) => !other.words.has(word)))
  );
};

const bestFilled = (
  ranked: readonly Ranked[],
  read: PlaceReader,
  isNamed: (candidate: Candidate) => boolean,
): { readonly chore: Chore; readonly args: Arguments } | undefined =>
  ranked
    .flatMap((candidate) => {
      const filled = fillBest(candidate, read);
      if (!filled || (filled.places < 0.5 && !isNamed(candidate))) return [];
      const score = candidate.weight + filled.places * placeWeight;
      return [{ chore: candidate.chore, args: filled.args, score }];
    })
    .sort((a, b) => b.score - a.score)[0];

/** Whether a sentence names what the chore is about; where it has nothing else but files for it, it must. */
const isSubject = ({ chore }: Candidate, said: readonly string[]): boolean => {
  const { name, keywords } = chore.manifest;
  return wordsOf([name, ...keywords].join(' ')).some((word) => said.includes(word));
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
