// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import type { BoundAgent } from '../open/bound-agent.ts';
import type { RunnableFlow } from '../open/open-flow.ts';

/** Everything of one agent waits in one lane. */
export const laneOf = ({ agent }: BoundAgent): string => agent.manifest.name;

/**
 * A node's run holds its lane while it runs tools too, and agents that share an engine take turns
 * on it: half as many again as slots keep it full, and not so many that a request waits long.
 */
const runsFor = (slots: number): number => slots + Math.max(2, Math.ceil(slots / 2));

/** Runs at once by lane: those that keep the engine full; what runs processes gets the cores but one. */
export const laneWidths = (
  flows: Iterable<Pick<RunnableFlow, 'agents'>>,
  concurrency: number | undefined,
): ((lane: string) => number) => {
  const processes = concurrency ?? processLane();
  const widths = modelLanes(flows);
  return (lane) => widths.get(lane) ?? processes;
};

/** The cores but one. */
export const processLane = (): number => Math.max(1, availableParallelism() - 1);

const modelLanes = (flows: Iterable<Pick<RunnableFlow, 'agents'>>): ReadonlyMap<string, number> => {
  const widths = new Map<string, number>();
  for (const { agents } of flows) {
    for (const agent of agents.values()) {
      if (!('runtime' in agent)) continue;
      const lane = laneOf(agent);
      widths.set(lane, Math.max(runsFor(agent.runtime.probe.slots), widths.get(lane) ?? 0));
    }
  }
  return widths;
};

type AtOnce = { readonly units: number; readonly specs: number };

const inNight: AtOnce = { units: 128, specs: 64 };

/** In a job that works the flow of one shard: with more under way, what ends last are short reviews, and no slot is empty long. */
export const inFlowJob: AtOnce = { units: 512, specs: 256 };

const mostAtOnce = 1024;

/**
 * Units and specs under way at once: enough that every lane of a model can be full, also where each
 * spec is one unit, and few enough to hold in memory.
 */
export const underWay = (
  flows: Iterable<Pick<RunnableFlow, 'agents'>>,
  fewest = inNight,
): AtOnce => {
  const wanted = [...modelLanes(flows).values()].reduce((sum, width) => sum + width, 0);
  const bounded = Math.min(mostAtOnce, wanted);
  return { units: Math.max(fewest.units, bounded), specs: Math.max(fewest.specs, bounded) };
};
