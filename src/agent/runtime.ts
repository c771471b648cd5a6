// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../config/schema.ts';
import { digestOf } from '../data/digest.ts';
import type { Engine, Probe, Speed } from '../engine/contract/engine.ts';
import type { DecisionDialect, Dialect } from './dialect.ts';
import type { Agent } from './registry.ts';

/** Tokens a second of one request alone, and of an agent: what it is always sent, and the most that it answers. */
export type RuntimePace = Speed & { readonly prompt: number; readonly answer: number };

/** An engine that answered its probe, bound to one node of a flow. */
export type BoundRuntime = {
  readonly engine: Engine;
  readonly probe: Probe;
  readonly settings: Runtime;
  /** Where it is bound: `profiles.gpu.default`. */
  readonly setting: string;
  readonly dialect: Dialect | DecisionDialect;
  /** See `runtimeDigest`. */
  readonly digest: string;
  /** How fast it answers and what it is asked, where both were measured. */
  readonly pace?: RuntimePace;
  /** Why its engine cannot be used: whatever is asked of it fails with this. */
  readonly fault?: string;
};

/**
 * What a verdict or an exam result is tied to: the weights or code that answer, how they are
 * sampled, the prompt they are asked with, the dialect it is put in and limits that a profile sets. Where they are served from
 * does not count.
 */
export const runtimeDigest = (
  { identity }: Probe,
  agent: Pick<Agent, 'digest'>,
  { digest: dialect }: Pick<Dialect, 'digest'>,
  { limits }: Pick<Runtime, 'limits'>,
): string => {
  const { origin: _, ...answering } = identity;
  return digestOf({ ...answering, room: agent.digest, dialect, ...(limits && { limits }) });
};
