// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';
import { type Arguments, type Asked, readAskedText } from '../spec/asked.ts';
import { type CaughtSpan, foldCase, walkSteps } from './matcher.ts';
import { readers } from './read/readers.ts';
import { clausesOf, maxPlainLength, plainSentence, type Sentence, unquote } from './sentence.ts';
import type { SentencePattern } from './template.ts';

/** Ways to say one thing, and the arguments that they set beside what their places catch. */
export type Saying = { readonly ways: readonly SentencePattern[]; readonly args: Arguments };

/** What may be said, by the name of the chore that it asks for. */
export type Sayings = ReadonlyMap<string, readonly Saying[]>;

/**
 * What a sentence asks, which may join several ("... and nothing else changes"), in order;
 * `undefined` as soon as one part is not understood.
 */
export const readSentence = (sayings: Sayings, sentence: string): readonly Asked[] | undefined => {
  const exact = readAskedText(sentence);
  if (exact) return sayings.has(exact.chore) ? [exact] : undefined;
  return readPlainSentence(sayings, plainSentence(sentence));
};

/** As `readSentence`, of one whose quoted parts are taken out and that is not in the exact form. */
export const readPlainSentence = (
  sayings: Sayings,
  plain: Sentence,
): readonly Asked[] | undefined => {
  const whole = readClause(sayings, plain);
  if (whole) return [whole];
  return clausesOf(plain, (clause) => readClause(sayings, clause));
};

/** What a clause may begin and end with beside what it asks: "make sure that", "for consistency with ...". */
const opening =
  /^(?:please,? |can you |could you |would you |let's |let us |we (?:should|need to|want to|have to|must) |i(?:'d| would) like (?:you )?to |i want (?:you )?to |i need (?:you )?to |it would be (?:good|nice|great) (?:to|if) )*(?:also )?(?:(?:make sure|ensure|check|see to it)(?: that)? )?/iu;
const reason =
  /,? (?:please|thanks|thank you|because|so that|for (?:the sake of )?(?:consistency|clarity|readability))(?: .*)?$/iu;

const readClause = (sayings: Sayings, clause: Sentence): Asked | undefined => {
  const text = clause.text
    .replace(opening, '')
    .replace(reason, '')
    .replace(/\b(?:get rid of|eliminate)\b/giu, 'remove')
    .replace(/\b(should|must|do|does|need|is|are)n't\b/giu, '$1 not');
  return (
    readPlain(sayings, clause) ??
    (text === clause.text ? undefined : readPlain(sayings, { ...clause, text }))
  );
};

/** Of several chores the one that explains most of the clause by words of its own. */
const readPlain = (sayings: Sayings, clause: Sentence): Asked | undefined => {
  if (clause.text.length > maxPlainLength) return undefined;
  const folded = foldCase(clause.text);
  let best: (Asked & { readonly caught: number }) | undefined;
  for (const [chore, said] of sayings) {
    const match = firstMatch(said, clause, folded);
    if (match && match.caught < (best?.caught ?? Number.POSITIVE_INFINITY)) {
      best = { chore, ...match };
    }
  }
  return best && { chore: best.chore, args: best.args };
};

type Caught = { readonly args: Arguments; readonly caught: number };

const firstMatch = (
  sayings: readonly Saying[],
  clause: Sentence,
  folded: string,
): Caught | undefined => {
  for (const { ways, args } of sayings) {
    for (const way of ways) {
      const match = matchWay(way, clause, folded);
      if (match) return { args: { ...match.args, ...args }, caught: match.caught };
    }
  }
  return undefined;
};

/** Places that cannot be read get another cut, the first of them longer: "give | every page | a title". */
const mostCuts = 8;

const matchWay = (
  { steps, texts, places }: SentencePattern,
  clause: Sentence,
  folded: string,
): Caught | undefined => {
  if (!texts.every((text) => folded.includes(text))) return undefined;
  const walked = steps();
  let least = 1;
  for (let cut = 0; cut < mostCuts; cut += 1) {
    const spans = walkSteps(walked, folded, least);
    if (!spans) return undefined;
    const args = argumentsOf(places, spans, clause);
    if (args) {
      const caught = spans.map(({ start, end }) => unquote(clause.text.slice(start, end), clause));
      return { args, caught: caught.join('').length };
    }
    const [first] = spans;
    if (!first || places.length < 2) return undefined;
    least = first.end - first.start + 1;
  }
  return undefined;
};

const argumentsOf = (
  places: SentencePattern['places'],
  spans: readonly CaughtSpan[],
  clause: Sentence,
): Arguments | undefined => {
  const args: Record<string, Json> = {};
  for (const [index, { argument, reader }] of places.entries()) {
    const { start, end } = spans[index] as CaughtSpan;
    const value = readers[reader]?.read(
      clause.text.slice(start, end).trim(),
      clause,
      clause.text.slice(0, start),
    );
    if (value === undefined) return undefined;
    if (argument === '...') Object.assign(args, value);
    // No globs are all files in scope, which need no saying.
    else if (!(Array.isArray(value) && value.length === 0)) args[argument] = value;
  }
  return args;
};
