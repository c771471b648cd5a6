// SPDX-License-Identifier: GPL-3.0-only
import type { Night } from '../../src/night/record/night-schemas.ts';
import { shardsOf } from '../../src/night/record/shard.ts';
import { inFlowJob } from '../../src/night/run/lane-widths.ts';
import { type DrawnSpec, drawSpecs, nodesOf, stages } from './draw.ts';

/*
 * A night as compiled, by what a job works. A node: its jobs begin when those of the nodes before have ended, on
 * every shard, and the two reviews run side by side. The flow: a shard's units go through all nodes in one job, as
 * in a night on one machine. A job works `slots` units at once, first come first served, and a free runner takes the
 * next job. A spec is expected to take the mean of a unit times its units; what its units take is drawn, and nobody
 * knows it before.
 */

export type Simulated = {
  /** Seconds of work if it were spread without a gap, and what it takes. */
  readonly ideal: number;
  readonly makespan: number;
  /** The same with what a job costs before its first unit. */
  readonly withStart: number;
  /** The ideal and a job's start for each node that waits for another: no deal is below it. */
  readonly floor: number;
};

const slots = 8;
const jobStart = 30;

/** How a night is dealt: over as many shards, whether longest first or in turns, and what a job works. */
export type Deal = {
  readonly runners: number;
  readonly shards: number;
  readonly how: 'longest first' | 'in turns';
  readonly jobs: 'node' | 'flow';
};

/** Simulates a night of so many specs; half have one unit, some have dozens. */
export const simulate = (count: number, deal: Deal, seed = 1): Simulated => {
  const { runners, shards, jobs } = deal;
  const specs = drawSpecs(count, seed);
  const shardOf = dealt(specs, deal);
  const inShards = Array.from({ length: shards }, (_, shard) =>
    specs.filter(({ id }) => shardOf.get(id) === shard).sort((a, b) => b.expected - a.expected),
  );
  // Jobs of one entry run side by side; each entry waits for the one before.
  const waves =
    jobs === 'flow'
      ? [inShards.map(flowSeconds)]
      : stages.map((nodes) =>
          nodes.flatMap((node) =>
            inShards.map((shard) => secondsOver(shard.flatMap(nodesOf(node)), slots)),
          ),
        );
  const after = (start: number): number =>
    waves
      .map((wave) =>
        secondsOver(
          wave.map((seconds) => seconds + start),
          runners,
        ),
      )
      .reduce((sum, seconds) => sum + seconds, 0);
  const ideal =
    specs.flatMap((spec) => stages.flat().flatMap((node) => nodesOf(node)(spec))).reduce(plus, 0) /
    (runners * slots);
  const starts = jobs === 'flow' ? 1 : stages.flat().length;
  const floor = ideal + starts * jobStart * Math.min(1, shards / runners);
  return { ideal, makespan: after(0), withStart: after(jobStart), floor };
};

const plus = (sum: number, seconds: number): number => sum + seconds;

const dealt = (specs: readonly DrawnSpec[], { shards, how }: Deal): ReadonlyMap<string, number> =>
  shardsOf({
    shards,
    specs: specs.map(({ id, expected }) => ({
      spec: { id },
      ...(how === 'longest first' && { seconds: expected }),
    })),
  } as unknown as Night);

/** Each piece of work goes to the place that is free first. */
const secondsOver = (queue: readonly number[], places: number): number => {
  const free = new Array<number>(places).fill(0);
  for (const seconds of queue) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + seconds;
  }
  return Math.max(...free);
};

type Piece = { readonly seconds: number; readonly then: () => void };

/** Seconds of a job that takes a shard's units through the whole flow. */
const flowSeconds = (specs: readonly DrawnSpec[]): number => {
  const ready: Piece[] = [];
  const busy: { readonly end: number; readonly then: () => void }[] = [];
  const specsToCome = [...specs];
  const unitsToCome: (() => void)[] = [];
  let [specsUnderWay, unitsUnderWay, now] = [0, 0, 0];
  const work = (seconds: number, then: () => void): void => {
    ready.push({ seconds, then });
  };
  const admit = (): void => {
    while (specsUnderWay < inFlowJob.specs && specsToCome.length > 0) {
      specsUnderWay += 1;
      begin(specsToCome.shift() as DrawnSpec);
    }
    while (unitsUnderWay < inFlowJob.units && unitsToCome.length > 0) {
      unitsUnderWay += 1;
      unitsToCome.shift()?.();
    }
  };
  const begin = ({ plan, units, merge }: DrawnSpec): void => {
    let left = units.length;
    const end = (): void => {
      unitsUnderWay -= 1;
      left -= 1;
      if (left === 0) work(merge, () => (specsUnderWay -= 1));
    };
    work(plan, () => {
      for (const unit of units) unitsToCome.push(() => review(unit, end));
    });
  };
  const review = (unit: DrawnSpec['units'][number], end: () => void): void =>
    work(unit.work, () =>
      work(unit.test, () => {
        let verdicts = 0;
        const reviewed = (): void => {
          verdicts += 1;
          if (verdicts === 2) end();
        };
        work(unit.reviewA, reviewed);
        work(unit.reviewB, reviewed);
      }),
    );
  for (;;) {
    admit();
    for (const { seconds, then } of ready.splice(0, slots - busy.length)) {
      busy.push({ end: now + seconds, then });
    }
    if (busy.length === 0) return now;
    busy.sort((a, b) => b.end - a.end);
    const done = busy.pop() as (typeof busy)[number];
    now = done.end;
    done.then();
  }
};
