// SPDX-License-Identifier: GPL-3.0-only

/** A copyright notice with its years, `2019` or `2019-2024`. */
export type Notice = {
  /** Where its years begin, in characters. */
  readonly at: number;
  readonly years: string;
  readonly first: number;
  readonly last: number;
  readonly holder: string;
};

const notice =
  /(?:\bcopyright\b(?:[ \t]*(?:\(c\)|©))?|©|\(c\))[ \t:]*(\d{4}(?:[ \t]?[-–][ \t]?\d{4})?)(?![\d-–])(?![ \t]?,[ \t]?\d)[ \t,]*(?:by[ \t]+)?([^\r\n]*)/gi;

/** The notices of a text. Lists of years (`2019, 2021`) and open ranges (`2019-present`) are none. */
export const noticesIn = (text: string): readonly Notice[] =>
  [...text.matchAll(notice)]
    .filter(([, , rest = '']) => !/^[-–]/.test(rest))
    .map((match) => {
      const [whole, years = '', rest = ''] = match;
      const [first = 0, last = first] = years.split(/[ \t]?[-–][ \t]?/).map(Number);
      const at = match.index + whole.indexOf(years);
      return { at, years, first, last, holder: holderIn(rest) };
    });

/** A holder without marks of comments and what follows a name. */
const holderIn = (rest: string): string =>
  rest
    .replace(/(?:\*\/|-->|["'`]?;?)[ \t]*$/, '')
    .replace(/[,.]?[ \t]*all rights reserved.*$/i, '')
    .replace(/[ \t]*<[^>]*>.*$/, '')
    .replace(/[.,;:*\s]+$/, '')
    .trim();
