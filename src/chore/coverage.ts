// SPDX-License-Identifier: GPL-3.0-only
import type { Asked } from '../spec/asked.ts';
import type { Chores } from './chores.ts';
import { coveredBy, type Texts } from './patch.ts';

type Covers = (path: string) => boolean;

/** The files that a chore may change where it is asked for so; a condition none. */
export const coverageOf = ({ chore, args }: Asked, { all }: Chores): Covers => {
  const { manifest } = all.get(chore) ?? {};
  if (manifest?.flow === undefined) return () => false;
  if (manifest.spreads) return () => true;
  const isOfKind = coveredBy(manifest.files);
  const isMeant = coveredBy(args.files as readonly string[] | undefined);
  // However a name's ending is written.
  return (path) => isMeant(path) && (isOfKind(path) || isOfKind(path.toLowerCase()));
};

/**
 * The files that a chore's judge may speak for. A repository's own may not speak for a file that a
 * chore that ships is asked for as well: it could pass what that one's judge rejects.
 */
export const answerableFor = (one: Asked, asked: readonly Asked[], chores: Chores): Covers => {
  const covers = coverageOf(one, chores);
  if (chores.all.get(one.chore)?.ships) return covers;
  const shipped = asked
    .filter(({ chore }) => chores.all.get(chore)?.ships)
    .map((other) => coverageOf(other, chores));
  return (path) => covers(path) && !shipped.some((coversToo) => coversToo(path));
};

/** Texts with those put in their place that a judge gives for files that it may speak for. */
export const accountFor = (texts: Texts, given: Texts | undefined, mayAnswer: Covers): Texts =>
  given ? new Map([...texts, ...[...given].filter(([path]) => mayAnswer(path))]) : texts;
