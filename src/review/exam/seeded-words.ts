// SPDX-License-Identifier: GPL-3.0-only
import type { Random } from './seeded-random.ts';

/* Words of the exam's own files; none of them reads as a colour, a number or a YAML keyword. */
const nouns =
  'garden river lantern window harbour meadow engine ledger kettle orchard bridge market signal parcel mirror tunnel planet recipe ticket violin'.split(
    ' ',
  );
const verbs = 'carry gather measure open polish record repair send sort weigh'.split(' ');
const adjectives = 'quiet narrow early broken distant gentle hollow spare steady winter'.split(' ');
const foreign = ['Brücke', 'jardín', 'été', 'Ærø', '日記', 'заметка'];

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** A noun that a seed picks. */
export const pickNoun = (random: Random): string => random.pick(nouns);

/** A verb that a seed picks. */
export const pickVerb = (random: Random): string => random.pick(verbs);

/** Two or three words that make a title. */
export const titleWords = (random: Random): readonly string[] => [
  capital(random.pick(adjectives)),
  random.chance(0.2) ? random.pick(foreign) : capital(pickNoun(random)),
  ...(random.chance(0.4) ? [capital(pickVerb(random))] : []),
];

/** A sentence of plain words, now and then with a number. */
export const makeSentence = (random: Random): string => {
  const count = random.chance(0.4) ? `${2 + random.int(90)} ` : '';
  const tail = random.chance(0.3) ? `, not the ${random.pick(adjectives)} ${pickNoun(random)}` : '';
  const who = random.chance(0.1) ? random.pick(foreign) : pickNoun(random);
  return `${capital(pickVerb(random))} the ${count}${random.pick(adjectives)} ${pickNoun(random)} before the ${who}${tail}.`;
};

/** `count` different words that can be tags. */
export const tagWords = (random: Random, count: number): readonly string[] =>
  random.shuffle([...nouns, ...verbs]).slice(0, count);

/** An identifier in camel case, such as `measureBridge`. */
export const functionName = (random: Random): string =>
  `${pickVerb(random)}${capital(pickNoun(random))}`;
