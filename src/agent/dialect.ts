// SPDX-License-Identifier: GPL-3.0-only
import type { Choice, OpenDecision } from '../chore/decide/decision.ts';
import type { Runtime } from '../config/schema.ts';
import type { ToolReply } from './conversation.ts';
import type { Envelope, Final } from './envelope.ts';
import type { JsonSchema, Protocol } from './envelope-schema.ts';
import type { Reading } from './read-envelope.ts';
import type { Input, ModelManifest } from './schema.ts';

/** An answer as it was understood. */
export type HeardAnswer = {
  readonly reading: Reading;
  /** How the answer stands in the conversation. */
  readonly said: string;
};

/** What the system message is made of; nothing of a run. */
export type SystemParts = {
  readonly agent: ModelManifest;
  /** Text of `prompt.md`. */
  readonly prompt: string;
  readonly protocol: Protocol;
};

/**
 * How the conversation is written for a model and how its answers are read. Whatever the dialect,
 * an answer comes to the same envelope: the loop, its bounds and the bundles do not differ.
 */
export type Dialect = {
  readonly name: NonNullable<Runtime['dialect']>;
  /** sha256 of its words, part of the runtime digest; none for the default one. */
  readonly digest?: string;
  readonly renderSystem: (parts: SystemParts) => string;
  /** The first user message. */
  readonly renderTask: (input: Input) => string;
  /** The user message that follows a tool call or a bad answer. */
  readonly renderReply: (reply: ToolReply) => string;
  /** JSON Schema that an engine holds the answer to, after `prefill` where that is sent. */
  readonly schemaOf: (protocol: Protocol) => JsonSchema;
  readonly prefill?: string;
  /** Never throws. `confidence` is the answer's probability, where it was asked for and told. */
  readonly read: (text: string, protocol: Protocol, confidence?: number) => HeardAnswer;
  /** Least probability of an answer that counts, which an engine has to tell. */
  readonly confidence?: number | undefined;
  /** Ends the run after a call that was made, where nothing more is to be said: its result is the agent's. */
  readonly conclude?: (result: unknown) => Final['output'];
  /** Tokens that its longest answer takes. */
  readonly maxOutputTokens?: number;
};

/** A dialect of envelopes: any of them can be written in it. */
export type EnvelopeDialect = Dialect & {
  /** An answer as a model should write it. */
  readonly renderAnswer: (envelope: Envelope) => string;
};

/** A dialect whose words follow from what the unit leaves to be decided. */
export type DecisionDialect = Pick<Dialect, 'maxOutputTokens'> & {
  readonly name: 'decision';
  readonly digest: string;
  /** How much of a patch a reviewer is shown. */
  readonly view: NonNullable<Runtime['view']>;
  readonly of: (decision: OpenDecision, decide: string) => PickDialect;
};

/** A dialect in which one decision is asked for. */
export type PickDialect = Omit<Dialect, 'renderSystem' | 'schemaOf'> & {
  readonly renderSystem: () => string;
  readonly schemaOf: () => JsonSchema;
  /** An answer as a model should write it: a pick for each question, in their order. */
  readonly renderAnswer: (picks: readonly Choice[]) => string;
};
