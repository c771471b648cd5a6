// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import type { Choice, OpenDecision } from './decision.ts';

/** More ways to pick than these are not tried. */
const mostWays = 1000;

/** The picks, one for each question, whose written call is this one, argument for argument. */
export const waysTo = (
  { questions, write }: OpenDecision,
  { name, args }: { readonly name: string; readonly args?: unknown },
): readonly (readonly Choice[])[] => {
  const count = questions.reduce((product, { candidates }) => product * candidates.length, 1);
  if (count > mostWays) return [];
  const wanted = canonicalJson(args);
  return questions
    .reduce<readonly (readonly Choice[])[]>(
      (ways, { candidates }) => ways.flatMap((way) => candidates.map((one) => [...way, one])),
      [[]],
    )
    .filter((way) => {
      const written = write(way);
      return 'tool' in written && written.tool === name && canonicalJson(written.args) === wanted;
    });
};
