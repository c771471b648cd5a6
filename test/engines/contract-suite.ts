// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import type { CompletionRequest, Engine } from '../../src/engine/contract/engine.ts';
import type { Address, FaultProxy } from './fault-proxy.ts';

/** A server the contract may kill and start again. */
export type ContractServer = {
  /** Where it listens, for a proxy in front of it. */
  readonly address: () => Address;
  /** Ends it at once (SIGKILL). */
  readonly kill: () => Promise<void>;
  /** Resolves when it answers again, at the same address. */
  readonly start: () => Promise<void>;
  /** The same engine, reached through another address. */
  readonly openAt: (address: Address) => Promise<Engine>;
};

export type ContractAdapter = {
  readonly name: string;
  /** For `loadAdapter`; left out where the adapter is there already. */
  readonly path?: string;
};

/** Where an adapter is a part of a model: the engine of the model that has one. */
export type AdaptedModel = { readonly openAdapted: () => Promise<Engine> };

/** A text in place of a part says why the engine has no such thing: those tests are skipped with it. */
export type Contract = {
  readonly name: string;
  /** Why this engine cannot run here: the whole suite is skipped. */
  readonly skip?: string | undefined;
  /** Before everything: start the server, if there is one. */
  readonly start?: () => Promise<void>;
  /** After everything, also after failures. */
  readonly stop?: () => Promise<void>;
  readonly open: () => Promise<Engine>;
  /** Tokens its context holds; the probe must say the same. */
  readonly contextTokens: number;
  readonly server: ContractServer | string;
  readonly adapter: ContractAdapter | AdaptedModel | string;
  /** `estimate`: it has no tokenizer to ask, and counts no less than the prompt holds. */
  readonly counts: 'exact' | 'estimate';
  /** Whether a seed above temperature 0 repeats an answer. */
  readonly seeds: true | string;
  /** For one answer on a busy machine [ms]; default: 120,000. */
  readonly patience?: number;
};

/** What the tests of one engine share. */
export type Suite = {
  readonly contract: Contract;
  readonly patience: number;
  readonly engine: () => Engine;
  /** The engine behind the proxy that spoils answers. */
  readonly behind: () => { readonly engine: Engine; readonly proxy: FaultProxy };
  readonly request: (more?: Partial<CompletionRequest>) => CompletionRequest;
  /** A test, skipped with the text where there is one in place of what it needs. */
  readonly part: <T>(
    part: T | string,
    title: string,
    run: (t: ExecutionContext, needed: T) => Promise<void>,
  ) => void;
  readonly always: (title: string, run: (t: ExecutionContext) => Promise<void>) => void;
};
