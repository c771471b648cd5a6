// SPDX-License-Identifier: GPL-3.0-only
import type { Night } from '../../src/night/record/night-schemas.ts';
import { shardsOf } from '../../src/night/record/shard.ts';

/*
 * A night as compiled: every node is a job per shard, a job works its shard's units `slots` at once,
 * and a node's jobs begin when those of the node before have ended, on every shard. There are as
 * many runners as shards, so the two reviews of a shard take turns.
 */

export type Simulated = {
  readonly shards: number;
  /** Seconds of work if it were spread without a gap, and what it takes. */
  readonly ideal: number;
  readonly makespan: number;
  /** The same with what a job costs before its first unit. */
  readonly withStart: number;
};

/** Mulberry32: small and the same everywhere. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Mean seconds of a unit by node; a spec's units and each unit's time are log-normal around it. */
const nodes = [
  ['plan', 0.2],
  ['work', 20],
  ['test', 6],
  ['reviewA', 8],
  ['reviewB', 8],
  ['merge', 1],
] as const;

const slots = 8;
const jobStart = 30;
const spread = 0.8;

/** Simulates a night of so many specs; most have one unit, some have hundreds. */
export const simulate = (specs: number, shards: number, seed = 1): Simulated => {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const around = (mean: number) => mean * Math.exp(spread * normal() - spread ** 2 / 2);
  const ids = Array.from({ length: specs }, (_, index) => `spec-${index}`);
  const units = ids.map(() => Math.min(500, Math.max(1, Math.round(Math.exp(1.2 * normal())))));
  const night = { shards, specs: ids.map((id) => ({ spec: { id } })) } as unknown as Night;
  const shardOf = shardsOf(night);
  let [work, makespan] = [0, 0];
  for (const [node, mean] of nodes) {
    const queues = Array.from({ length: shards }, (): number[] => []);
    for (const [index, id] of ids.entries()) {
      const runs = node === 'plan' || node === 'merge' ? 1 : (units[index] ?? 1);
      const queue = queues[shardOf.get(id) ?? 0] ?? [];
      for (let run = 0; run < runs; run += 1) queue.push(around(mean));
    }
    work += queues.flat().reduce((sum, seconds) => sum + seconds, 0);
    makespan += Math.max(...queues.map(jobSeconds));
  }
  const ideal = work / (shards * slots);
  return { shards, ideal, makespan, withStart: makespan + nodes.length * jobStart };
};

/** Each unit goes to the slot that is free first. */
const jobSeconds = (queue: readonly number[]): number => {
  const free = new Array<number>(slots).fill(0);
  for (const seconds of queue) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + seconds;
  }
  return Math.max(...free);
};
