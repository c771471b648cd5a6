// SPDX-License-Identifier: GPL-3.0-only
import type { Intent } from './intent-kinds.ts';

/** A sentence on one line whose quoted and backticked parts are taken out and numbered. */
export type Sentence = { readonly text: string; readonly quoted: readonly string[] };

/** The parts of a sentence that a rule's `{name}` places caught. */
export type SentenceMatch = {
  readonly get: (name: string) => string | undefined;
  readonly sentence: Sentence;
};

export type SentenceRule = {
  readonly patterns: readonly RegExp[];
  readonly build: (caught: SentenceMatch) => Intent | undefined;
};

/** Beyond this a sentence is a paragraph; the bound also keeps matching fast on hostile input. */
const maxPlainLength = 240;

const spans = /`([^`]+)`|"([^"]+)"|(?<=^|[\s(])'([^']+)'(?=$|[\s),.;:])/gu;

/** Takes list marks, quotes and the full stop off; quoted parts become `\uE000<index>\uE001`. */
export const plainSentence = (sentence: string): Sentence => {
  const quoted: string[] = [];
  const text = sentence
    .normalize('NFC')
    .replace(/[\uE000\uE001]/gu, '')
    .replace(/[\u2018\u2019]/gu, "'")
    .replace(/[\u201C\u201D]/gu, '"')
    .replace(spans, (_all, ...groups: (string | undefined)[]) => {
      quoted.push((groups[0] ?? groups[1] ?? groups[2] ?? '').trim());
      return `\uE000${quoted.length - 1}\uE001`;
    })
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^(?:[-*+]|\d+[.)]) (?:\[[ x]\] )?/iu, '')
    .replace(/[.!;]+$/u, '')
    .trim();
  return { text, quoted };
};

/** The text with its quoted parts put back, without their quotes. */
export const unquote = (text: string, { quoted }: Sentence): string =>
  text.replace(/\uE000(\d+)\uE001/gu, (_all, index: string) => quoted[Number(index)] ?? '');

/** Whether a phrase is one quoted part and nothing else. */
export const isQuoted = (text: string): boolean => /^\uE000\d+\uE001$/u.test(text.trim());

/**
 * Sentence patterns, tried in order: `{name}` catches the shortest text that lets one match whole.
 * Without the flag `u`: with it, compiling all of them takes three times as long.
 */
export const sentenceRule = (
  patterns: string | readonly string[],
  build: SentenceRule['build'],
): SentenceRule => ({
  patterns: [patterns]
    .flat()
    .map((source) => new RegExp(`^${source.replace(/\{(\w+)\}/gu, '(?<$1>.+?)')}$`, 'i')),
  build,
});

/** The first rule that matches and can make sense of what it caught. */
export const matchRules = (
  rules: readonly SentenceRule[],
  sentence: Sentence,
): Intent | undefined => {
  if (sentence.text.length > maxPlainLength) return undefined;
  for (const { patterns, build } of rules) {
    for (const pattern of patterns) {
      const match = pattern.exec(sentence.text);
      const intent = match && build({ get: (name) => match.groups?.[name]?.trim(), sentence });
      if (intent) return intent;
    }
  }
  return undefined;
};

const joints = /\s*(?:[;,.] (?:and |but |while )?|: | (?:and|but|while|with|without) )\s*/giu;
const subject = /^(.+?) (?:is|are|has|have|must|should|can|starts?|exports?)\b/iu;
const maxJoints = 12;

/**
 * Splits a sentence where each part means something by itself; a part without a subject takes the
 * one before ("`x` is exported and has a doc comment").
 */
export const clausesOf = (
  sentence: Sentence,
  read: (clause: Sentence) => Intent | undefined,
): readonly Intent[] | undefined => {
  const { text, quoted } = sentence;
  const cuts = [...text.matchAll(joints)].map(({ index, 0: joint }) => ({
    start: index,
    end: index + joint.length,
  }));
  if (cuts.length > maxJoints) return undefined;
  const readFrom = (start: number, before: string): readonly Intent[] | undefined => {
    const ends = [{ start: text.length, end: text.length }, ...cuts.toReversed()];
    for (const cut of ends) {
      if (cut.start <= start) continue;
      const clause = text.slice(start, cut.start).trim();
      const intent =
        read({ text: clause, quoted }) ??
        (before ? read({ text: `${before} ${clause}`, quoted }) : undefined);
      if (!intent) continue;
      if (cut.end >= text.length) return [intent];
      const rest = readFrom(cut.end, subject.exec(clause)?.[1] ?? before);
      if (rest) return [intent, ...rest];
    }
    return undefined;
  };
  return readFrom(0, '');
};
