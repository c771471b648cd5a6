// SPDX-License-Identifier: GPL-3.0-only
import { type AnswerState, advanceBytes } from './automaton.ts';

/**
 * Where an answer goes on that begins with `prefill`: the start of an answer to `start`'s grammar,
 * after anything that is no JSON (`<tool_call>`). `undefined` where no answer can go on from there.
 */
export const afterPrefill = (start: AnswerState, prefill: string): AnswerState | undefined => {
  for (let from = 0; from <= prefill.length; from += 1) {
    if (from > 0 && looksLikeJson(prefill.slice(0, from))) return undefined;
    const begun = Buffer.from(prefill.slice(from));
    const { state, used } = advanceBytes(start, begun);
    if (used === begun.length) return state;
  }
  return undefined;
};

const words = ['true', 'false', 'null'];

const looksLikeJson = (text: string): boolean => {
  const trimmed = text.trim();
  return /["{[]|^[-\d]/.test(trimmed) || words.some((word) => trimmed.startsWith(word));
};
