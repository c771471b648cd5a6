// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { CodeResult, OpenRun } from '../../agent/code-agent.ts';
import { failureSchema } from '../../agent/schema.ts';
import type { OwnChores } from '../../chore/own-chores.ts';
import type { SandboxConfig } from '../../config/schema.ts';
import type { OpenRules } from '../../engine/rules/import-rules.ts';
import type { LoadOwnTool } from '../../tool/load-tools.ts';
import { type Hand, openHand } from './hand.ts';
import { overlayData } from './lent-tree.ts';
import { modulesOf } from './modules-of.ts';
import { ownChoreIn } from './own-chore.ts';
import { ownToolIn } from './own-tool.ts';

/** Whatever runs code of one commit of a repository, each part of it in processes of its own. */
export type Hands = {
  /** For an agent that is a function. */
  readonly openRun: OpenRun;
  /** For rules that stand in for a model. */
  readonly openRules: OpenRules;
  /** For the tools of an agent, by its folder. */
  readonly openTool: (agent: string) => LoadOwnTool;
  readonly chores: OwnChores;
  readonly close: () => Promise<void>;
};

export type HandsOptions = {
  /** Folders of the repository's chores and tools. */
  readonly chores: readonly string[];
  readonly tools: readonly string[];
  readonly sandbox: SandboxConfig;
  readonly bwrap?: string;
};

/** Processes of one hand: as many as it may have calls at once. */
const most = Math.min(4, Math.max(1, availableParallelism() - 1));
/** Those of rules are as many as their slots, of which this is the most. */
const mostSlots = 64;

/** Opens no process before one is needed. */
export const openHands = ({ chores, tools, sandbox, bwrap }: HandsOptions): Hands => {
  const hands = new Map<string, Hand>();
  const handFor = (what: string, folders: readonly string[], atOnce = most): Hand => {
    const start = { chores, folders, sandbox, ...(bwrap !== undefined && { bwrap }) };
    const hand = hands.get(what) ?? openHand(start, atOnce);
    hands.set(what, hand);
    return hand;
  };
  return {
    openRun: async (file) => {
      const hand = handFor(`agent ${file}`, [dirname(dirname(file))]);
      await hand.call({ do: 'check', agent: file }, z.unknown());
      return async ({ input, overlay, dependencies, workers, engines, gate, tests, signal }) => {
        const modules = await modulesOf(overlay.base, dependencies);
        const context = { workers, engines: [...engines], gate, ...(tests && { tests }) };
        return hand.call(
          { do: 'run', file, input, overlay: overlayData(overlay), context },
          codeResultSchema,
          { overlay, dependencies, modules, signal },
        ) as Promise<CodeResult>;
      };
    },
    openRules: async (file) => {
      const hand = handFor(`rules ${file}`, [dirname(dirname(dirname(file)))], mostSlots);
      await hand.call({ do: 'check', rules: file }, z.unknown());
      return answerIn(hand, file);
    },
    openTool: (agent) => (tool) => ownToolIn(handFor(`tools ${agent}`, tools), tool),
    chores: {
      load: (chore, name, file, signal) => {
        const hand = handFor(`chore ${chore.folder} ${name}`, [dirname(chore.folder)]);
        return ownChoreIn(hand, chore, name, file, signal);
      },
      answer: async (rules, messages, signal) =>
        answerIn(handFor(`work ${rules}`, []), rules)(
          messages as never,
          undefined as never,
          signal,
        ),
    },
    close: async () => {
      await Promise.all([...hands.values()].map((hand) => hand.close()));
    },
  };
};

const answerIn =
  (hand: Hand, file: string): Awaited<ReturnType<OpenRules>> =>
  async (messages, _, signal) =>
    (await hand.call({ do: 'answer', file, messages }, z.unknown(), { signal })) as string;

const codeResultSchema = z.object({
  notes: z.string(),
  metrics: z.record(z.string(), z.number()).optional(),
  result: z.json().optional(),
  testsLog: z.string().optional(),
  failure: failureSchema.optional(),
});
