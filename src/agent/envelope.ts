// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

/** The only two things a model may answer. */
export const toolCallSchema = z.strictObject({
  type: z.literal('tool'),
  name: z.string(),
  args: z.record(z.string(), z.json()),
});

export const finalSchema = z.strictObject({
  type: z.literal('final'),
  output: z.strictObject({
    status: z.enum(['ok', 'fail']),
    notes: z.string(),
    metrics: z.record(z.string(), z.number()),
    result: z.record(z.string(), z.json()),
  }),
});

export const envelopeSchema = z.discriminatedUnion('type', [toolCallSchema, finalSchema]);

export type ToolCall = Readonly<z.output<typeof toolCallSchema>>;
export type Final = Readonly<z.output<typeof finalSchema>>;
export type Envelope = ToolCall | Final;
