// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { idSchema } from '../spec/schema.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds from `250ms`, `90s`, `10m`, `2h` or a plain number of seconds. */
export const durationSchema = z.codec(
  z.union([
    z.number().positive(),
    z.string().regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)$/, 'write a duration such as "90s" or "10m"'),
  ]),
  z.number(),
  {
    decode: (value) => {
      if (typeof value === 'number') return value * 1000;
      const [, amount, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(value) ?? [];
      return Number(amount) * units[unit as keyof typeof units];
    },
    encode: (milliseconds) => `${milliseconds}ms`,
  },
);

/** A node's id: as a spec's, but capitals are fine (`reviewA`); it names the bundle's folder. */
export const nodeIdSchema = z
  .string()
  .max(80)
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-]))*$/,
    'use letters, digits, "-", "_" or single dots, starting with a letter or digit',
  );

export const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  agent: idSchema,
  inputs: z.array(z.string().min(1)).min(1, 'name at least one input; the entry takes [root]'),
  when: z.string().optional().describe('Only `<node>.<field> == <literal>`'),
  retries: z.int().min(0).max(10).optional().describe('For engine faults only; default 0'),
  timeout: durationSchema.optional().describe('For one unit; default: the agent’s'),
  with: z.record(z.string(), z.json()).optional(),
});

export const flowSchema = z.strictObject({
  $schema: z.string().optional(),
  name: idSchema,
  entry: nodeIdSchema,
  nodes: z.array(nodeSchema).min(1).max(100),
  output: nodeIdSchema,
});

export type FlowNode = Readonly<z.output<typeof nodeSchema>>;
export type Flow = Readonly<z.output<typeof flowSchema>>;
