// SPDX-License-Identifier: GPL-3.0-only
import type { Choice, Question } from '../../chore/decide/decision.ts';
import type { Runtime } from '../../config/schema.ts';
import { readBody } from './body-reading.ts';
import { readBytes } from './bytes-reading.ts';
import { readForm } from './form-reading.ts';
import { readKeys } from './keys-reading.ts';
import { asBefore, type NotePatch, type PatchReading } from './reading.ts';
import { readTags } from './tags-reading.ts';
import { readTitle } from './title-reading.ts';

/** How the evidence of a patch is shown: in words alone, or with the values beside. */
export type View = NonNullable<Runtime['view']>;

/** The pick that approves. */
export const nothingWrong = 'nothing is wrong';

/** What may be wrong with a patch of a note: the same for every patch, whatever is in it. */
const suspicions: readonly (readonly [name: string, read: (patch: NotePatch) => PatchReading])[] = [
  ['title', readTitle],
  ['tags', readTags],
  ['other keys', readKeys],
  ['form', readForm],
  ['body', readBody],
  ['bytes', readBytes],
];

/** Of a value beside a reading [UTF-16 code units]. */
const mostOfValue = 24;
const mostValues = 3;

/**
 * The question about a patch: nothing, or one of the suspicions with its evidence. `undefined` where all is as before:
 * what was asked is then undone.
 */
export const suspicionsOf = (patch: NotePatch, view: View): Question | undefined => {
  const readings = suspicions.map(([name, read]) => [name, read(patch)] as const);
  if (readings.every(([, { says }]) => isAsBefore(says))) return undefined;
  const lines = readings.map(([name, reading]): Choice => ({ name, value: shown(reading, view) }));
  return { name: 'finding', candidates: [{ name: nothingWrong }, ...lines] };
};

const isAsBefore = (says: string): boolean => /(?:^|, is )as before(?:;|$)/.test(says);

const shown = ({ says, values = [] }: PatchReading, view: View): string => {
  if (view === 'words' || values.length === 0 || says === asBefore) return says;
  const texts = values
    .slice(0, mostValues)
    .map((text) => text.slice(0, mostOfValue).toWellFormed());
  return `${says} | ${texts.join(' | ')}`;
};
