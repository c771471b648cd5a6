// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../data/digest.ts';
import type { FindingCode } from '../../data/findings/table.ts';

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
  /** Requests of one group share their prompt's beginning; those of a group are best sent together. */
  readonly group?: string;
  /** Of the spec; higher goes first. */
  readonly priority?: number;
  /** What stands before the answer's JSON; an engine that cannot write it there says so in `constraint`. */
  readonly prefill?: string;
  /** Asks for the answer's probability, which some engines tell. */
  readonly confidence?: true;
  readonly signal: AbortSignal;
  /** To be called when tokens arrive: idle time starts again. Some engines tell what they wrote so far. */
  readonly onProgress?: (written?: WrittenSoFar) => void;
  /** To be called when the request begins to wait for a slot, which is no silence, and when it no longer does. */
  readonly onQueue?: (waits: boolean) => void;
};

/** An answer that is still being written. */
export type WrittenSoFar = { readonly text: string; readonly tokens: number };

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
  /** Milliseconds since the request was made; `queued` of them passed before it was sent. */
  readonly timing: {
    readonly queued?: number;
    readonly firstToken: number;
    readonly total: number;
  };
  /** Left out by engines that hold to no schema (rules). */
  readonly constraint?: Constraint;
  /** Probability of the answer among all that the schema allows, 0 to 1; only where it was asked for. */
  readonly confidence?: number;
};

/** A keyword of a schema and the JSON pointer (RFC 6901) of the part that it stands in. */
export type SchemaKeyword = { readonly pointer: string; readonly keyword: string };

/** What an engine's constraint makes of a schema; the full schema still judges the answer. */
export type ConstraintNotes = {
  /** Not held: an answer may break it. */
  readonly dropped: readonly SchemaKeyword[];
  /** Held closer than the schema says: an answer can be less than it allows. */
  readonly tightened: readonly SchemaKeyword[];
};

/** How the answer was held to the schema. */
export type Constraint = ConstraintNotes & {
  readonly kind: 'json-schema' | 'grammar';
  /** Whether the answer was made to begin as asked; left out where nothing was asked. */
  readonly prefill?: 'continued' | 'left-out';
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
  /** Of rules: sha256 of their code without comments, white space and what strings say. */
  readonly codeDigest?: string;
  readonly adapter?: string;
  readonly adapterDigest?: string;
  /** How prompts are written, where the profile says so and not the model. */
  readonly template?: string;
  readonly seed?: number;
  readonly temperature: number;
};

export type Probe = {
  readonly identity: RuntimeIdentity;
  /** Tokens a prompt and its answer may hold together. */
  readonly contextTokens: number;
  /** The most of them that could be set for this model, where that is told. */
  readonly mostContextTokens?: number | undefined;
  /** How many requests it takes at once. */
  readonly slots: number;
  /** What was looked at, for a person to read; a check that fails makes `probe` throw instead. */
  readonly checks?: readonly Check[];
};

/** How fast an engine answers one small request [tokens per second]. */
export type Speed = { readonly reads: number; readonly writes: number };

/** One thing a preflight looked at. `fix` is the next step for a person, on what is not `ok`. */
export type Check = {
  readonly name:
    | 'installed'
    | 'reachable'
    | 'local'
    | 'model'
    | 'context'
    | 'schema'
    | 'template'
    | 'slots'
    | 'memory'
    | 'adapter'
    | 'speed';
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly fix?: string;
  /** Measured on the way. */
  readonly speed?: Speed;
};

/** What a server says of its prefix cache since it started [tokens]. */
export type PrefixCounts = { readonly queries: number; readonly hits: number };

/** An engine could not answer; everything else that escapes `complete` is a defect. */
export class EngineFault extends Error {
  override readonly name: string = 'EngineFault';
  /** Why, where more is known than that it failed. */
  readonly finding: FindingCode | undefined = undefined;
}

/** The engine wrote nothing for longer than it may. */
export class SilentFault extends EngineFault {
  override readonly name = 'SilentFault';
  override readonly finding = 'engine.timeout';
}

/** The engine could not be opened or failed its preflight. */
export class UnusableFault extends EngineFault {
  override readonly name = 'UnusableFault';
  override readonly finding = 'engine.unusable';
}

/** The engine takes no more for now (429, 503): the same request may succeed later. */
export class BusyFault extends EngineFault {
  override readonly name = 'BusyFault';
  override readonly finding = 'engine.busy';
  /** Milliseconds, where the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Local inference behind one contract, whatever serves it. */
export type Engine = {
  /** @throws EngineFault when it cannot answer (BusyFault: not now); rejects with the signal's reason when aborted. */
  readonly complete: (request: CompletionRequest) => Promise<Completion>;
  /** @throws EngineFault when it is not reachable, not local or not the right model. */
  readonly probe: () => Promise<Probe>;
  readonly countTokens: (messages: readonly Message[]) => Promise<number>;
  readonly close: () => Promise<void>;
  readonly loadAdapter?: (name: string, path: string) => Promise<void>;
  readonly unloadAdapter?: (name: string) => Promise<void>;
  readonly prefixCounts?: () => Promise<PrefixCounts>;
};
