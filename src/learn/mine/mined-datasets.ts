// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { extendJournal, readJournal } from '../../trace/journal.ts';

const datasetSchema = z.strictObject({
  /** Where its rows and its card were written. */
  folder: z.string(),
  /** Every night that was read: the same ones give the same bytes again. */
  nights: z.array(z.string()),
  /** As its card has it. */
  bundles: z.strictObject({ count: z.int(), sha256: z.string() }),
});

/** A dataset that was mined of a repository's nights: one line of `datasets.jsonl` in the state folder. */
export type MinedDataset = Readonly<z.output<typeof datasetSchema>>;

/** All of them, oldest first. @throws UserError naming a line that cannot be read. */
export const readDatasets = (file: string): readonly MinedDataset[] =>
  readJournal(file, datasetSchema);

/** Notes that a dataset was mined. */
export const appendDataset = (file: string, dataset: MinedDataset): void =>
  extendJournal(file, datasetSchema, [dataset]);
