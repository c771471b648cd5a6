// SPDX-License-Identifier: GPL-3.0-only
import type { Night } from '../../src/night/record/night-schemas.ts';
import { shardsOf } from '../../src/night/record/shard.ts';

/*
 * A night as compiled: every node is a job per shard, a job works its shard's units `slots` at once, a free
 * runner takes the next job, and a node's jobs begin when those of the nodes before have ended, on every shard;
 * the two reviews wait for the same, so their jobs run side by side. A spec is expected to take the mean of a
 * unit times its units; what its units take is drawn, and nobody knows it before.
 */

export type Simulated = {
  readonly runners: number;
  readonly shards: number;
  /** Seconds of work if it were spread without a gap, and what it takes. */
  readonly ideal: number;
  readonly makespan: number;
  /** The same with what a job costs before its first unit. */
  readonly withStart: number;
  /** The ideal and a job's start for each node that waits for another: no deal is below it. */
  readonly floor: number;
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

/**
 * Mean seconds of a unit by node; a spec's units and each unit's time are log-normal around it. Nodes of one
 * stage run side by side.
 */
const stages = [
  [['plan', 0.2]],
  [['work', 20]],
  [['test', 6]],
  [
    ['reviewA', 8],
    ['reviewB', 8],
  ],
  [['merge', 1]],
] as const;

const isPerSpec = (node: string): boolean => node === 'plan' || node === 'merge';

const slots = 8;
const jobStart = 30;
const spread = 0.8;

/** How a night is dealt: over as many shards, and whether longest first or in turns. */
export type Deal = {
  readonly runners: number;
  readonly shards: number;
  readonly how: 'longest first' | 'in turns';
};

/** Simulates a night of so many specs; half have one unit, some have dozens. */
export const simulate = (specs: number, { runners, shards, how }: Deal, seed = 1): Simulated => {
  const next = random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const around = (mean: number) => mean * Math.exp(spread * normal() - spread ** 2 / 2);
  const ids = Array.from({ length: specs }, (_, index) => `spec-${index}`);
  const units = ids.map(() => Math.min(500, Math.max(1, Math.round(Math.exp(1.2 * normal())))));
  const runsOf = (node: string, index: number) => (isPerSpec(node) ? 1 : (units[index] ?? 1));
  const expected = (index: number) =>
    stages.flat().reduce((sum, [node, mean]) => sum + mean * runsOf(node, index), 0);
  const shardOf = shardsOf({
    shards,
    specs: ids.map((id, index) => ({
      spec: { id },
      ...(how === 'longest first' && { seconds: expected(index) }),
    })),
  } as unknown as Night);
  let [work, makespan, withStart] = [0, 0, 0];
  for (const stage of stages) {
    const jobs: number[] = [];
    for (const [node, mean] of stage) {
      const queues = Array.from({ length: shards }, (): number[] => []);
      for (const [index, id] of ids.entries()) {
        const queue = queues[shardOf.get(id) ?? 0] ?? [];
        for (let run = 0; run < runsOf(node, index); run += 1) queue.push(around(mean));
      }
      work += queues.flat().reduce((sum, seconds) => sum + seconds, 0);
      jobs.push(...queues.map((queue) => secondsOver(queue, slots)));
    }
    makespan += secondsOver(jobs, runners);
    withStart += secondsOver(
      jobs.map((seconds) => seconds + jobStart),
      runners,
    );
  }
  const ideal = work / (runners * slots);
  const floor = ideal + stages.flat().length * jobStart * Math.min(1, shards / runners);
  return { runners, shards, ideal, makespan, withStart, floor };
};

/** Each piece of work goes to the place that is free first. */
const secondsOver = (queue: readonly number[], places: number): number => {
  const free = new Array<number>(places).fill(0);
  for (const seconds of queue) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + seconds;
  }
  return Math.max(...free);
};
