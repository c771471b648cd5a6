// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../../data/digest.ts';
import type { Constraint, Message, Usage } from '../../contract/engine.ts';
import type { CallContext } from '../../local/calls.ts';
import type { TemplateName, TemplateUse } from '../../local/chat-templates.ts';

/** What a process of the llama engine does for its parent. */
export type ModelCalls = {
  readonly open: (asked: ModelOpening) => Promise<ModelFacts>;
  /** Makes room for that many conversations. */
  readonly serve: (asked: { readonly threads: number; readonly slots: number }) => Promise<void>;
  readonly answer: (asked: ModelRequest, work: CallContext) => Promise<ModelAnswer>;
  readonly count: (messages: readonly Message[]) => number;
  /** Path of the adapter. */
  readonly loadAdapter: (path: string) => Promise<void>;
  readonly forgetAdapter: (path: string) => Promise<void>;
  /** The tokens that another process made an answer of: all count a conversation alike. */
  readonly remember: (answer: Pick<ModelAnswer, 'text' | 'tokens'>) => void;
};

/** What a person has to change where the process refuses. */
export type ModelRefusal = 'model' | 'weights' | 'package' | 'memory' | 'template' | 'adapter';

export type ModelOpening = {
  readonly model: string;
  /** `undefined`: measured. */
  readonly threads: number | undefined;
  readonly contextTokens: number | undefined;
  readonly gpu: boolean;
  readonly template: TemplateName | undefined;
  /** Where evaluated beginnings of prompts are kept for the other processes. */
  readonly folder: string;
};

export type ModelRequest = {
  readonly slot: number;
  readonly messages: readonly Message[];
  /** `undefined`: free text, until the model ends it. */
  readonly schema: { readonly [key: string]: Json } | undefined;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed?: number;
  /** Path of a loaded adapter. */
  readonly adapter?: string;
  readonly prefill?: string;
  readonly confidence?: true;
};

export type ModelAnswer = {
  readonly text: string;
  /** What the text was made of. */
  readonly tokens: readonly number[];
  readonly usage: Usage;
  readonly finish: 'stop' | 'length';
  /** Since the process got the request [ms]. */
  readonly firstToken: number;
  readonly constraint: Omit<Constraint, 'kind'>;
  /** Probability of the answer among all that the schema allows; only where it was asked for. */
  readonly confidence?: number;
};

/** What a process learnt of the model it opened. */
export type ModelFacts = {
  /** Of node-llama-cpp. */
  readonly version: string;
  readonly contextTokens: number;
  readonly trainedTokens: number;
  readonly modelBytes: number;
  /** Of the key-value cache, for one token of one sequence. */
  readonly bytesPerToken: number;
  readonly template: TemplateUse;
  readonly gpu: string | undefined;
  /** Tokens per second by thread count, of a small batch; empty where nothing was measured. */
  readonly rates: readonly { readonly threads: number; readonly tokensPerSecond: number }[];
};
