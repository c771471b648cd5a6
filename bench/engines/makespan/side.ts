// SPDX-License-Identifier: GPL-3.0-only
import { simulatedModel } from '../../../test/simulated-engine/settings.ts';
import type { Service } from '../../../test/simulated-engine/simulation.ts';

/** What one way of working the units took. */
export type Side = {
  /** First and last moment of the work [ms since 1970]. */
  readonly begun: number;
  readonly ended: number;
  /** Runs of nodes, six to a unit's way through the flow where all run for each unit. */
  readonly nodes: number;
  /** Of the process that drives the flow. */
  readonly cpuSeconds: number;
  /** How long its main thread could have run and had no core: none on an idle machine. */
  readonly cpuWaitSeconds: number;
  readonly peakMegabytes: number;
  /** Requests with the engine at once, as the driver of the flow counts them. */
  readonly batch?: number;
};

/** A side held against what the engine's slots allow at best. */
export type Judged = Side & {
  readonly requests: number;
  /** Sum of the service times that were drawn for its requests [s]. */
  readonly work: number;
  readonly makespan: number;
  /** `work` divided by the slots [s]. */
  readonly ideal: number;
  readonly overIdeal: number;
  /** Places taken at once, on average in each of ten equal parts of the time. */
  readonly occupancy: readonly number[];
  /** How much longer answers took than was drawn, in all [s]. */
  readonly late: number;
};

const parts = 10;

/** What the server served after the side began counts; an exam before it does not. */
export const judge = (side: Side, services: readonly Service[], slots: number): Judged => {
  const own = services.filter(({ at }) => at >= side.begun);
  const work = sum(own.map(({ drawn }) => drawn));
  const took = sum(own.map(({ took }) => took));
  const makespan = (side.ended - side.begun) / 1000;
  const ideal = work / slots;
  const width = makespan / parts;
  const occupancy = Array.from({ length: parts }, (_, part) => {
    const taken = own.map(({ at, took }) => {
      const start = (at - side.begun) / 1000;
      const begin = Math.max(start, part * width);
      return Math.max(0, Math.min(start + took, (part + 1) * width) - begin);
    });
    return sum(taken) / width;
  });
  return {
    ...side,
    requests: own.length,
    work,
    makespan,
    ideal,
    overIdeal: makespan / ideal,
    occupancy,
    late: took - work,
  };
};

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** pantheon.yaml of bench/night with every agent on one simulated engine. */
export const simulatedConfig = (socket: string, slots: number): string => `flow: bench
profile: simulated
profiles:
  simulated:
    default: { engine: vllm, socket: ${JSON.stringify(socket)}, model: ${simulatedModel}, slots: ${slots} }
    bench.review: [ { seed: 1, temperature: 0.7 }, { seed: 2, temperature: 0.7 } ]
gate: { maxOpen: 100000, jointErrors: 1, exam: { recall: 0, precision: 0 }, kappa: { minPairs: 1000000 } }
`;
