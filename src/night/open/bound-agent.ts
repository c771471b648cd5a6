// SPDX-License-Identifier: GPL-3.0-only
import type { CodeContext } from '../../agent/code-agent.ts';
import type { LoopResult } from '../../agent/loop.ts';
import type { CodeAgent, ModelAgent } from '../../agent/registry.ts';
import type { BoundRuntime } from '../../agent/runtime.ts';
import type { Failure, Input, Output } from '../../agent/schema.ts';
import type { RuleBook } from '../../boundary/rules/rule-book.ts';
import type { Message } from '../../engine/contract/engine.ts';
import type { HiddenPatch } from '../../review/schema.ts';
import type { Tool } from '../../tool/tool.ts';
import type { ModelUsage } from '../../trace/model-usage.ts';
import type { Overlay, OverlayReach } from '../../workspace/overlay.ts';

/** An agent ready to act: one of kind `model` has its engine and tools, one of kind `code` needs neither. */
export type BoundModelAgent = {
  readonly agent: ModelAgent;
  readonly runtime: BoundRuntime;
  readonly tools: readonly Tool[];
};

export type BoundAgent = BoundModelAgent | { readonly agent: CodeAgent };

export type NodeRequest = {
  readonly agent: BoundAgent;
  /** The node's id in its flow; a reviewer signs with it. */
  readonly node: string;
  readonly input: Input;
  /** Base tree and the patches of the node's inputs; a working agent's writes land here. */
  readonly overlay: Overlay;
  readonly reach: OverlayReach;
  readonly rules: RuleBook;
  /** What a code agent gets beside input, overlay and signal; tools get the executor of it. */
  readonly codeContext: Omit<CodeContext, 'input' | 'overlay' | 'signal'>;
  readonly timeoutMs?: number;
  /** Where a spec's checks are run for a reviewer; default: on the patch it judges. */
  readonly checksOn?: Overlay;
  /** What a hidden patch of an exam deserves: for the bundle, not for the agent. */
  readonly exam?: HiddenPatch;
  readonly signal: AbortSignal;
};

/** What an agent did. */
export type AgentRun = {
  readonly messages?: readonly Message[];
  readonly calls?: LoopResult['calls'];
  readonly testsLog?: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly usage?: ModelUsage;
} & AgentEnd;

/** What the agent itself said: nothing in it is stamped yet. */
export type AgentEnd = {
  readonly said?: Pick<Output, 'status' | 'notes' | 'metrics' | 'result'>;
  readonly failure?: Failure;
};
