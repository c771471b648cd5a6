// SPDX-License-Identifier: GPL-3.0-only

import type { WrittenSoFar } from '../contract/engine.ts';

/** One call as the process that does it sees it. */
export type CallContext = {
  /** Aborted when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** To be called as often as one likes; what was written so far is asked for now and then. */
  readonly onProgress: (written?: () => WrittenSoFar) => void;
};

/** What a model's process does for its parent, by name: each takes one value and gives one. */
export type Calls = { readonly [name: string]: (input: never, work: CallContext) => unknown };

export type InputOf<Offered extends Calls, Name extends keyof Offered> = Parameters<
  Offered[Name]
>[0];

export type OutputOf<Offered extends Calls, Name extends keyof Offered> = Awaited<
  ReturnType<Offered[Name]>
>;

export type ToProcess =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'stop'; readonly id: number };

export type FromProcess =
  | { readonly kind: 'progress'; readonly id: number; readonly written?: WrittenSoFar }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | {
      readonly kind: 'fault';
      readonly id: number;
      readonly reason: string;
      readonly about?: string;
    };

/** Why a call cannot be done with these settings; `about` names what a person has to change. */
export class Refusal<About extends string = string> extends Error {
  override readonly name = 'Refusal';
  readonly about: About;

  constructor(about: About, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.about = about;
  }
}
