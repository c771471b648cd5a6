// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { CodeContext } from '../../agent/code-agent.ts';
import type { AgentManifest, Input } from '../../agent/schema.ts';
import type { ModulesFolder } from '../../boundary/dependencies.ts';
import type { PatchView, Texts } from '../../chore/patch.ts';
import type { ScriptReply } from '../../chore/script.ts';
import type { Config, SandboxConfig } from '../../config/schema.ts';
import type { Message } from '../../engine/contract/engine.ts';
import type { Material } from '../../review/exam/draft.ts';
import type { Asked } from '../../spec/asked.ts';
import type { Spec } from '../../spec/schema.ts';
import type { OwnTool } from '../../tool/load-tools.ts';
import type { TreeEntry } from '../../workspace/base-tree.ts';
import type { ReachRule } from '../../workspace/overlay.ts';

/** What a hand is told first. */
export type HandSettings = {
  /** Folders of chores, beside those that ship. */
  readonly chores: readonly string[];
  /** Folders of the code that it runs. */
  readonly folders: readonly string[];
  readonly sandbox: SandboxConfig;
};

/** The tree as a call sees it; files that were written since come by path, `null` where one was removed. */
export type OverlayData = {
  readonly base: number;
  readonly rule?: ReachRule | undefined;
  readonly written: readonly WrittenFile[];
};

/** Bytes in base64. */
export type WrittenFile = [path: string, bytes: string | null];

type ToolCall = { readonly tool: OwnTool };
type ChoreCall = { readonly folder: string; readonly file: string; readonly args: Asked['args'] };

/** What a hand is asked to do, by name. */
export type HandCall =
  | { readonly do: 'check'; readonly agent: string }
  | { readonly do: 'check'; readonly rules: string }
  | { readonly do: 'check'; readonly chore: string; readonly module: string; readonly file: string }
  | {
      readonly do: 'run';
      readonly file: string;
      readonly input: Input;
      readonly overlay: OverlayData;
      readonly context: CodeContextData;
    }
  | { readonly do: 'answer'; readonly file: string; readonly messages: readonly Message[] }
  | (ToolCall & { readonly do: 'describe' })
  | (ToolCall & { readonly do: 'touches'; readonly args: unknown })
  | (ToolCall & {
      readonly do: 'use';
      readonly args: unknown;
      readonly overlay: OverlayData;
      readonly paths: readonly string[];
    })
  | (ChoreCall & { readonly do: 'plan'; readonly spec: Spec })
  | (ChoreCall & {
      readonly do: 'judge' | 'redo';
      readonly patch: PatchData;
      readonly texts: Texts;
      readonly replies: readonly ScriptReply[];
    })
  | (Omit<ChoreCall, 'args'> & {
      readonly do: 'spoil';
      readonly material: Material;
      readonly seed: number;
    });

/** A patch without what asks for more of the tree. */
export type PatchData = Omit<PatchView, 'files' | 'read' | 'containing'>;

/** What a code agent gets, but for input, tree and what is opened where it runs. */
export type CodeContextData = {
  readonly workers: readonly AgentManifest[];
  readonly engines: readonly (CodeContext['engines'] extends ReadonlySet<infer One>
    ? One
    : never)[];
  readonly gate: CodeContext['gate'];
  readonly tests?: Config['tests'];
};

/** What is sent to a hand. */
export type ToHand =
  | { readonly is: 'settings'; readonly settings: HandSettings }
  | {
      readonly is: 'base';
      readonly base: number;
      readonly commit: string;
      readonly entries: readonly (readonly [string, TreeEntry])[];
    }
  | { readonly is: 'call'; readonly call: HandCall }
  | { readonly is: 'answer'; readonly ask: number; readonly answer: Answer };

/** To what a hand asked during a call. */
export type Answer =
  | { readonly bytes: string }
  | { readonly modules: readonly ModulesFolder[] }
  | { readonly refused: string };

/** Characters of what a hand may say of a fault. */
const mostSaid = 10_000;

const faultSchema = z.strictObject({
  kind: z.enum(['mistake', 'declined', 'denied', 'tool', 'args', 'sandbox', 'error']),
  message: z.string().transform((text) => text.slice(0, mostSaid)),
  rule: z.string().max(100).optional(),
  stack: z
    .string()
    .transform((text) => text.slice(0, mostSaid))
    .optional(),
});

const writtenSchema = z.array(z.tuple([z.string().max(4096), z.base64().nullable()])).max(100_000);

/** What a hand may send: everything else ends it. */
export const fromHandSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('ready') }),
  z.strictObject({
    is: z.literal('ask'),
    ask: z.int(),
    wants: z.union([
      z.strictObject({ blob: z.string().max(64) }),
      z.strictObject({ modules: z.string().max(4096) }),
    ]),
  }),
  z.strictObject({
    is: z.literal('end'),
    value: z.unknown().optional(),
    written: writtenSchema.optional(),
    fault: faultSchema.optional(),
  }),
  /** Not the end of a call: the process itself is at fault. */
  z.strictObject({ is: z.literal('fault'), fault: faultSchema }),
]);

export type FromHand = z.output<typeof fromHandSchema>;

/** What went wrong in a hand. */
export type HandFaultData = z.output<typeof faultSchema>;

/** What a hand wants to know during a call. */
export type HandWants = Extract<FromHand, { readonly is: 'ask' }>['wants'];
