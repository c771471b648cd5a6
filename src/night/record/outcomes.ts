// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { findingCodeSchema } from '../../data/findings/table.ts';
import { outcomeSchema } from '../../morning/summary.ts';
import { type ExtendJournal, extendJournal, readJournal } from '../../trace/journal.ts';

/** How a spec ended in a night: one line of `outcomes.jsonl` in the state folder. */
export const specOutcomeSchema = z.object({
  night: z.string(),
  spec: z.string(),
  digest: z.string(),
  fingerprint: z.string(),
  outcome: outcomeSchema,
  /** Older versions wrote none. */
  code: findingCodeSchema.optional(),
  reason: z.string(),
  /** Some cause may be gone the next night. */
  transient: z.boolean(),
});

export type SpecOutcome = Readonly<z.output<typeof specOutcomeSchema>>;

/** All outcomes, oldest first. @throws UserError naming a line that cannot be read. */
export const readOutcomes = async (file: string): Promise<readonly SpecOutcome[]> =>
  readJournal(file, specOutcomeSchema);

/** Adds a night's outcomes; those of a spec and night that are there already are left out. */
export const appendOutcomes = async (
  file: string,
  outcomes: readonly SpecOutcome[],
  extend: ExtendJournal = extendJournal,
): Promise<void> => {
  const recorded = new Set((await readOutcomes(file)).map(({ night, spec }) => `${night} ${spec}`));
  const fresh = outcomes.filter(({ night, spec }) => !recorded.has(`${night} ${spec}`));
  extend(file, specOutcomeSchema, fresh);
};
