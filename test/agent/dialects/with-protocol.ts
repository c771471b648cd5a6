// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Dialect } from '../../../src/agent/dialect.ts';
import { protocolFor } from '../../../src/agent/envelope-schema.ts';
import { modelAgentSchema } from '../../../src/agent/schema.ts';
import type { Tool } from '../../../src/tool/tool.ts';
import { agent } from '../with-loop.ts';

/** Takes whatever a model may write, so that what goes in must come out. */
export const open: Tool = {
  name: 'open',
  description: 'Takes anything; a </tools> in its own words closes nothing',
  args: z.record(z.string(), z.unknown()),
  result: z.unknown(),
  touches: () => ({}),
  run: (args) => args,
};
export const anything = modelAgentSchema.parse({ ...agent, out: { type: 'object' } });
export const tools = [open];
export const protocol = protocolFor(anything, tools);

/** What a dialect reads, in the form of an envelope; a fault where it refuses. */
export const came = (dialect: Dialect, text: string, confidence?: number): unknown => {
  const { reading } = dialect.read(text, protocol, confidence);
  if (reading.kind === 'bad') return reading.fault;
  return reading.kind === 'final'
    ? { type: 'final', output: reading.output }
    : { type: 'tool', name: reading.tool.name, args: reading.raw };
};
