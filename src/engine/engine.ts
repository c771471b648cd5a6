// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../data/digest.ts';

export type Message = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
};

export type CompletionRequest = {
  /** In order; everything but the last ones stays the same from step to step. */
  readonly messages: readonly Message[];
  /** JSON Schema the answer must follow. */
  readonly schema: { readonly [key: string]: Json };
  readonly maxTokens: number;
  readonly idleTimeoutMs: number;
  readonly seed?: number;
  readonly temperature?: number;
  readonly adapter?: string;
  readonly signal: AbortSignal;
  /** To be called when tokens arrive or the request leaves a queue: idle time starts anew. */
  readonly onProgress?: () => void;
};

/** Token counts of one answer; `cached` is the part of `prompt` served from a prefix cache. */
export type Usage = {
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
};

export type Completion = {
  readonly text: string;
  readonly usage: Usage;
  /** `length`: cut by `maxTokens`, always a failure. */
  readonly finish: 'stop' | 'length';
  /** Milliseconds since the request was made. */
  readonly timing: { readonly firstToken: number; readonly total: number };
};

/** Where inference happens, worked out from the endpoint and never claimed. */
export type Origin = 'in-process' | 'unix-socket' | 'loopback';

/** What answers: two runtimes with different digests may answer differently. */
export type RuntimeIdentity = {
  readonly engine: string;
  readonly origin: Origin;
  readonly version: string;
  readonly model?: string;
  /** sha256 of the weights, or of the code where rules stand in for them. */
  readonly modelDigest: string;
  readonly adapter?: string;
  readonly adapterDigest?: string;
  readonly seed?: number;
  readonly temperature: number;
};

export type Probe = {
  readonly identity: RuntimeIdentity;
  /** Tokens a prompt and its answer may hold together. */
  readonly contextTokens: number;
  /** How many requests it takes at once. */
  readonly slots: number;
};

export type EngineStats = {
  readonly requests: number;
  readonly failures: number;
  readonly usage: Usage;
};

/** An engine could not answer; everything else that escapes `complete` is a defect. */
export class EngineFault extends Error {
  override readonly name = 'EngineFault';
}

/** Local inference behind one contract, whatever serves it. */
export type Engine = {
  /** @throws EngineFault when it cannot answer; rejects with the signal's reason when aborted. */
  readonly complete: (request: CompletionRequest) => Promise<Completion>;
  /** @throws EngineFault when it is not reachable, not local or not the right model. */
  readonly probe: () => Promise<Probe>;
  readonly countTokens: (messages: readonly Message[]) => Promise<number>;
  readonly stats: () => EngineStats;
  readonly close: () => Promise<void>;
  readonly loadAdapter?: (name: string, path: string) => Promise<void>;
};
