// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

/** One way out that was tried, and how it ended. */
export const wayOutSchema = z.strictObject({
  way: z.string(),
  outcome: z
    .enum(['refused', 'open', 'untried'])
    .describe('untried: what would try it is not on this machine'),
  detail: z.string().describe('What the system answered'),
});

/** What the process that works a night found out about itself before its first node. */
export const attestationSchema = z.strictObject({
  probes: z.array(wayOutSchema),
  missing: z
    .array(z.string())
    .describe('Protections that this machine does not offer, a line each'),
});

/** One thing by which a machine itself holds the user of a night back. */
export const hostCheckSchema = z.strictObject({
  what: z.string(),
  outcome: z
    .enum(['present', 'absent', 'unseen'])
    .describe('unseen: the user of the night cannot tell'),
  detail: z.string(),
});

export type HostCheck = Readonly<z.output<typeof hostCheckSchema>>;
export type WayOut = Readonly<z.output<typeof wayOutSchema>>;
export type Attestation = Readonly<z.output<typeof attestationSchema>>;
