// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

const measure = z.number().min(0);

/** How long a night was expected to take [s]: between all slots busy and one request after the other. */
export const expectedSchema = z.strictObject({
  least: measure,
  most: measure,
  basis: z
    .enum(['nights', 'speed'])
    .describe(
      'What specs took in earlier nights, or the speed of the engines and what may be asked',
    ),
});

export type ExpectedTime = Readonly<z.output<typeof expectedSchema>>;
