// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../../data/digest.ts';
import type { Constraint, Message, Usage } from '../../contract/engine.ts';
import type { TemplateName } from '../../local/chat-templates.ts';

/** What the engine asks of one of its model processes. */
export type ToModel =
  | {
      readonly kind: 'open';
      readonly model: string;
      /** Left out: measured. */
      readonly threads?: number;
      readonly contextTokens?: number;
      readonly gpu: boolean;
      readonly template?: TemplateName;
      /** Where evaluated beginnings of prompts are kept for the other processes. */
      readonly folder: string;
    }
  | { readonly kind: 'serve'; readonly threads: number; readonly slots: number }
  | { readonly kind: 'ask'; readonly id: number; readonly ask: Ask }
  | { readonly kind: 'stop'; readonly id: number }
  | { readonly kind: 'adapter'; readonly id: number; readonly path: string }
  | { readonly kind: 'forget'; readonly path: string }
  /** The tokens that another process made an answer of: all count a conversation alike. */
  | { readonly kind: 'remember'; readonly text: string; readonly tokens: readonly number[] }
  | { readonly kind: 'count'; readonly id: number; readonly messages: readonly Message[] };

export type Ask = {
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
};

/** What a model process says. */
export type FromModel =
  | { readonly kind: 'opened'; readonly facts: Facts }
  | { readonly kind: 'serving' }
  | {
      readonly kind: 'refused';
      readonly about: 'model' | 'weights' | 'package' | 'memory' | 'template';
      readonly reason: string;
    }
  | { readonly kind: 'progress'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'counted'; readonly id: number; readonly tokens: number }
  | { readonly kind: 'loaded'; readonly id: number }
  | { readonly kind: 'fault'; readonly id: number; readonly reason: string };

export type Answer = {
  readonly text: string;
  /** What the text was made of. */
  readonly tokens: readonly number[];
  readonly usage: Usage;
  readonly finish: 'stop' | 'length';
  /** Since the process got the request [ms]. */
  readonly firstToken: number;
  readonly constraint: Omit<Constraint, 'kind'>;
};

/** What a process learnt of the model it opened. */
export type Facts = {
  /** Of node-llama-cpp. */
  readonly version: string;
  readonly contextTokens: number;
  readonly trainedTokens: number;
  readonly modelBytes: number;
  /** Of the key-value cache, for one token of one sequence. */
  readonly bytesPerToken: number;
  /** `model`: its own chat template; else the one that the settings name. */
  readonly template: 'model' | TemplateName;
  readonly gpu: string | undefined;
  /** Tokens per second by thread count, of a small batch; empty where nothing was measured. */
  readonly rates: readonly { readonly threads: number; readonly tokensPerSecond: number }[];
};
