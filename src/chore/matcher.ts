// SPDX-License-Identifier: GPL-3.0-only

/**
 * One step of a matcher. `fork` goes on at each of its steps in turn until one way leads to the end;
 * `mark` says where a place begins or ends; `any` takes so many characters, whatever they
 * are: `least` stands for one, or for what the caller wants the first place to have.
 */
export type MatcherStep =
  | { readonly text: string }
  | { readonly fork: readonly number[] }
  | { readonly mark: true }
  | { readonly any: 1 | 'least' };

/** Where a place begins and ends in the text. */
export type CaughtSpan = { readonly start: number; readonly end: number };

type Way = { readonly step: number; readonly at: number; readonly marks: readonly number[] };

/**
 * Walks the steps over a whole text and gives what its places caught, the first way that fits; `least` is
 * the least length of the first place. From a fork at a character it goes on only once, since it would
 * fail there again: so the time is at most in proportion to steps times characters, where a backtracking
 * regular expression may take forever (the bit-state search of RE2, https://github.com/google/re2).
 */
export const walkSteps = (
  steps: readonly MatcherStep[],
  text: string,
  least: number,
): readonly CaughtSpan[] | undefined => {
  const tried = new Set<number>();
  const ways: Way[] = [{ step: 0, at: 0, marks: [] }];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    let { step, at, marks } = way;
    for (let current = steps[step]; current !== undefined; current = steps[step]) {
      if ('text' in current) {
        if (!text.startsWith(current.text, at)) break;
        at += current.text.length;
      } else if ('any' in current) {
        at += current.any === 'least' ? Math.max(least, 1) : 1;
        if (at > text.length) break;
      } else if ('mark' in current) {
        marks = [...marks, at];
      } else {
        const { fork } = current;
        if (fork.length > 1) {
          const state = step * (text.length + 1) + at;
          if (tried.has(state)) break;
          tried.add(state);
          for (let other = fork.length - 1; other > 0; other -= 1)
            ways.push({ step: fork[other] as number, at, marks });
        }
        step = fork[0] as number;
        continue;
      }
      step += 1;
    }
    if (step === steps.length && at === text.length) return spansOf(marks);
  }
  return undefined;
};

const spansOf = (marks: readonly number[]): readonly CaughtSpan[] =>
  marks.flatMap((start, index) =>
    index % 2 === 0 ? [{ start, end: marks[index + 1] as number }] : [],
  );

/** In lower case, each character where it was: `İ` alone would become two. */
export const foldCase = (text: string): string =>
  text.replace(/(?!\u0130)\p{Lu}/gu, (letter) => letter.toLowerCase());
