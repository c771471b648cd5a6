// SPDX-License-Identifier: GPL-3.0-only
import { join } from 'node:path';
import { z } from 'zod';
import { countNoun } from '../../data/count-noun.ts';
import { readJournal } from '../../trace/journal.ts';

const count = z.int().nonnegative();

/** How a candidate did in the shadow of a night: one line of `shadows.jsonl` in the state folder. */
export const shadowRecordSchema = z.strictObject({
  night: z.string(),
  /** AGENT@N of both. */
  candidate: z.string(),
  champion: z.string(),
  /** Specs that it was to work. */
  specs: count,
  /** Those that both have worked, by who had them accepted. */
  pairs: z.strictObject({ both: count, candidate: count, incumbent: count, neither: count }),
  /** Why it did not come to its end. */
  fault: z.string().optional(),
});

export type ShadowRecord = Readonly<z.output<typeof shadowRecordSchema>>;

/** The file of a state folder. */
export const shadowsFile = (root: string): string => join(root, 'shadows.jsonl');

/** What a person is told of a shadow, in a line. */
export const shadowLine = ({ candidate, champion, specs, pairs, fault }: ShadowRecord): string => {
  const { both, candidate: only, incumbent, neither } = pairs;
  const worked = both + only + incumbent + neither;
  const end = fault === undefined ? '' : ` It did not come to its end: ${fault}.`;
  return `In the shadow, with nothing opened, ${candidate} worked ${worked} of ${countNoun(specs, 'spec')} that ${champion} worked: both accepted ${both}, only ${candidate} ${only}, only ${champion} ${incumbent}, neither ${neither}.${end}`;
};

/** Of a night, a line for each candidate; the last one counts where a night's shadow was worked again. */
export const shadowLines = (root: string, night: string): readonly string[] => {
  const records = readJournal(shadowsFile(root), shadowRecordSchema);
  const last = new Map(
    records.filter((one) => one.night === night).map((one) => [one.candidate, one]),
  );
  return [...last.values()].map(shadowLine);
};
