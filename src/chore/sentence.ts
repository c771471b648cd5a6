// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../data/memoise.ts';

/** A sentence on one line whose quoted and backticked parts are taken out and numbered. */
export type Sentence = { readonly text: string; readonly quoted: readonly string[] };

/** Beyond this a sentence is a paragraph; the bound also keeps matching fast on hostile input. */
export const maxPlainLength = 240;

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

const joints = /\s*(?:[;,.] (?:and |but |while )?|: | (?:and|but|while|with|without) )\s*/giu;
/** "No note has tags and has a title" denies the first alone, or both: no subject to take over. */
const subject =
  /^(?!(?:no|none|not|nothing|neither|nor)\b)(.+?) (?:is|are|has|have|must|should|can|starts?|exports?)\b/iu;
const maxJoints = 12;

/**
 * Splits a sentence where each part means something by itself; a part without a subject takes the
 * one before ("`x` is exported and has a doc comment").
 */
export const clausesOf = <Meaning>(
  sentence: Sentence,
  read: (clause: Sentence) => Meaning | undefined,
): readonly Meaning[] | undefined => {
  const { text, quoted } = sentence;
  const cuts = [...text.matchAll(joints)].map(({ index, 0: joint }) => ({
    start: index,
    end: index + joint.length,
  }));
  if (cuts.length > maxJoints) return undefined;
  const readOnce = memoise(1000, (clause) => read({ text: clause, quoted }));
  const readFrom = (start: number, before: string): readonly Meaning[] | undefined => {
    const ends = [{ start: text.length, end: text.length }, ...cuts.toReversed()];
    for (const cut of ends) {
      if (cut.start <= start) continue;
      const clause = text.slice(start, cut.start).trim();
      const meaning = readOnce(clause) ?? (before ? readOnce(`${before} ${clause}`) : undefined);
      if (meaning === undefined) continue;
      if (cut.end >= text.length) return [meaning];
      const rest = readFrom(cut.end, subject.exec(clause)?.[1] ?? before);
      if (rest) return [meaning, ...rest];
    }
    return undefined;
  };
  return readFrom(0, '');
};
