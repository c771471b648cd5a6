// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { parseJson } from '../../trace/shown-values.ts';

const recordSchema = z.object({
  step: z.int().positive(),
  name: z.string(),
  args: z.unknown(),
  verdict: z.object({ allow: z.boolean() }),
  error: z.unknown().optional(),
});

/** A call as the runner recorded it. */
export type CallLine = z.output<typeof recordSchema>;

/** Recorded calls by their step; `undefined` where a line is of another form. */
export const readCalls = (text = ''): ReadonlyMap<number, CallLine> | undefined => {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => recordSchema.safeParse(parseJson(line)).data);
  if (!lines.every((line) => line !== undefined)) return undefined;
  return new Map(lines.map((line) => [line.step, line]));
};
