// SPDX-License-Identifier: GPL-3.0-only
import type { Json } from '../../src/data/digest.ts';
import type { Message } from '../../src/engine/contract/engine.ts';

/** The only model that a simulated engine serves; adapters are named on top of it. */
export const simulatedModel = 'simulated';

/** Of vLLM, whose form it answers in, marked as what it is. */
export const simulatedVersion = '0.32.0+simulated';

/** What an answer is asked with, once it is known to be well formed. */
export type Asked = {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly schema: Json | undefined;
};

export type SimulatedSettings = {
  /** Requests served at once; the others wait (vLLM's `--max-num-seqs`). */
  readonly slots: number;
  /** Service time of a request [s], drawn evenly between the two from its prompt and `seed`. */
  readonly service: { readonly least: number; readonly most: number };
  readonly seed: number;
  /** Tokens that a prompt and its answer may hold (`--max-model-len`). */
  readonly contextTokens: number;
  /** Whether requests may carry a priority (`--scheduling-policy priority`). */
  readonly priorities: boolean;
  /** Requests held at once, waiting ones included; more are refused with 503 (`--max-num-queued-reqs`). */
  readonly mostQueued: number | undefined;
  /** Time between the events of one answer [s]; what fell due in it is sent together. */
  readonly step: number;
  /** What to answer; `undefined` where the schema alone decides. */
  readonly answer: ((asked: Asked) => string | undefined) | undefined;
};

export const defaultSettings: SimulatedSettings = {
  slots: 64,
  service: { least: 1, most: 3 },
  seed: 1,
  contextTokens: 32_768,
  priorities: true,
  mostQueued: undefined,
  step: 0.05,
  answer: undefined,
};
