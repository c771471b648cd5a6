// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { messageOf } from '../../data/message-of.ts';
import { UserError } from '../../data/user-error.ts';
import type { OwnTool } from '../../tool/load-tools.ts';
import type { Tool, Touches } from '../../tool/tool.ts';
import type { Hand } from './hand.ts';
import { overlayData } from './lent-tree.ts';

/** A tool whose module is loaded in a hand. @throws UserError for one that cannot be used. */
export const ownToolIn = async (hand: Hand, tool: OwnTool): Promise<Tool> => {
  const described = await hand.call({ do: 'describe', tool }, describedSchema);
  return {
    name: tool.name,
    description: described.description,
    argsSchema: described.args,
    args: readSchema(described.args, tool),
    result: z.unknown(),
    touches: described.touches
      ? async (args) => (await hand.call({ do: 'touches', tool, args }, touchesSchema)) as Touches
      : () => ({}),
    run: (args, { overlay, paths, signal }) => {
      const call = { do: 'use', tool, args, paths, overlay: overlayData(overlay) } as const;
      return hand.call(call, z.unknown(), { overlay, signal });
    },
  };
};

/** What the schema does not say of them, the hand judges. */
const readSchema = (schema: z.output<typeof describedSchema>['args'], { file }: OwnTool) => {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (cause) {
    throw new UserError(`args: cannot be used (${messageOf(cause)}); use plain zod types`, {
      place: { file },
      cause,
    });
  }
};

const describedSchema = z.strictObject({
  description: z.string().min(1),
  args: z.record(z.string(), z.json()),
  touches: z.boolean(),
});

const paths = z.array(z.string()).optional();
const touchesSchema = z.object({ reads: paths, writes: paths });
