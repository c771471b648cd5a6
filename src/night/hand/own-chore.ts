// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { ownFault } from '../../chore/own-chores.ts';
import type { Judgement, PatchView, Texts } from '../../chore/patch.ts';
import type { Chore } from '../../chore/read-chore.ts';
import type { ChoreModule } from '../../chore/schema.ts';
import type { PartEnd, Script, ScriptReply } from '../../chore/script.ts';
import type { Draft, Material } from '../../review/exam/draft.ts';
import type { Random } from '../../review/exam/seeded-random.ts';
import type { Asked } from '../../spec/asked.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Hand } from './hand.ts';
import { HandFault } from './hand-fault.ts';
import type { HandCall } from './messages.ts';

/** Hands whose module was seen to be one. */
const checked = new WeakSet<Hand>();

/** Stands for what a module of a chore exports, and runs it in a hand. @throws UserError where it cannot be loaded. */
export const ownChoreIn = async (
  hand: Hand,
  chore: Chore,
  name: ChoreModule,
  file: string,
  signal: AbortSignal | undefined,
): Promise<unknown> => {
  const { folder } = chore;
  const told = async <Schema extends z.ZodType>(call: HandCall, schema: Schema) => {
    try {
      return await hand.call(call, schema, { signal });
    } catch (error) {
      if (!(error instanceof HandFault)) throw error;
      throw ownFault(chore, file, `failed: ${error.message}`, error);
    }
  };
  if (!checked.has(hand)) {
    await told({ do: 'check', chore: folder, module: name, file }, z.unknown());
    checked.add(hand);
  }
  if (name === 'plan') {
    return (args: Asked['args'], { spec }: { readonly spec: Spec }) =>
      told({ do: 'plan', folder, file, args, spec }, objectionSchema);
  }
  if (name === 'spoil') {
    return async (material: Material, random: Random) =>
      (await told(
        { do: 'spoil', folder, file, material, seed: random.int(2 ** 32) },
        draftSchema.optional(),
      )) as Draft | undefined;
  }
  if (name === 'work') throw new Error('the work of a chore of a repository is not called alone');
  return function* (args: Asked['args'], view: PatchView, texts: Texts): Script<Judgement> {
    const { files: _files, read: _read, containing: _containing, ...patch } = view;
    const run = async (replies: readonly ScriptReply[]) =>
      (await told({ do: name, folder, file, args, patch, texts, replies }, partSchema)) as PartEnd;
    const reply = yield { type: 'part', run };
    if ('error' in reply) throw new Error(reply.error.reason);
    return reply.result as Judgement;
  };
};

const textsSchema = z.map(z.string(), z.string().optional());

const objectionSchema = z.object({ message: z.string(), advice: z.string() }).optional();

const judgementSchema = z.object({
  texts: textsSchema.optional(),
  findings: z.array(z.string()),
});

const used = z.int().nonnegative();

const partSchema = z.union([
  z.object({
    used,
    next: z.strictObject({
      type: z.literal('tool'),
      name: z.string(),
      args: z.record(z.string(), z.json()),
    }),
  }),
  z.object({ used, end: judgementSchema }),
]);

const editsSchema = z.map(z.string(), z.string().optional());

const draftSchema = z.object({
  way: z.string(),
  acceptance: z.array(z.string()),
  context: z.array(z.string()).optional(),
  notes: z.string(),
  base: z.map(z.string(), z.string()).optional(),
  edits: editsSchema,
  wrong: z.record(
    z.string(),
    z
      .union([editsSchema, z.object({ acceptance: z.array(z.string()), edits: editsSchema })])
      .optional(),
  ),
});
