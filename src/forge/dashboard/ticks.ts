// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { extendJournal, readJournal } from '../../trace/journal.ts';

/** What a box of the dashboard issue asks for. */
export const tickActionSchema = z.enum(['approve', 'retry', 'give-up']);

/** A box that somebody who may write here has ticked: one line of `ticks.jsonl`. */
export const tickSchema = z.strictObject({
  at: z.iso.datetime(),
  action: tickActionSchema,
  spec: z.string(),
  /** It says nothing of another text of the spec. */
  digest: z.string(),
  /** Where the spec was written in one. */
  issue: z.int().positive().optional(),
  /** Logins of those who edited the issue since it was written: a tick is one of their edits. */
  by: z.array(z.string()).min(1),
  /** The last night that had worked the spec when the box was written. */
  after: z.string().nullable(),
});

export type TickAction = z.output<typeof tickActionSchema>;
export type Tick = Readonly<z.output<typeof tickSchema>>;

/** All ticks that counted, oldest first. @throws UserError naming a line that cannot be read. */
export const readTicks = (file: string): readonly Tick[] => readJournal(file, tickSchema);

/** Appends ticks, flushed. */
export const appendTicks = (file: string, ticks: readonly Tick[]): void =>
  extendJournal(file, tickSchema, ticks);

/** What was asked last of just this text of a spec. */
export const lastTick = (ticks: readonly Tick[], spec: string, digest: string): Tick | undefined =>
  ticks.findLast((tick) => tick.spec === spec && tick.digest === digest);

/** Who ticked it, for a person. */
export const tickers = ({ by }: Pick<Tick, 'by'>): string => by.join(' or ');
