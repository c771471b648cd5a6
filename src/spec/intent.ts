// SPDX-License-Identifier: GPL-3.0-only
import { memoise } from '../data/memoise.ts';
import { codeSentences } from './code-sentences.ts';
import { docsSentences } from './docs-sentences.ts';
import type { Intent } from './intent-kinds.ts';
import { clausesOf, matchRules, plainSentence } from './sentence.ts';

const rules = [...codeSentences, ...docsSentences];

/** What a sentence of one clause means; `undefined` where it is not one that can be checked. */
export const readIntent = (sentence: string): Intent | undefined =>
  matchRules(rules, plainSentence(sentence));

/**
 * What a sentence means that may join several clauses ("... and nothing else changes"), in order;
 * `undefined` as soon as one clause is not understood.
 */
export const readIntents: (sentence: string) => readonly Intent[] | undefined = memoise(
  1000,
  (sentence) => {
    const plain = plainSentence(sentence);
    const whole = matchRules(rules, plain);
    if (whole) return [whole];
    return clausesOf(plain, (clause) => matchRules(rules, clause));
  },
);
