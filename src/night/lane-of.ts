// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import type { Actor } from './actor.ts';
import type { Stage } from './session.ts';

/** Everything of one agent waits in one lane. */
export const laneOf = ({ room }: Actor): string => room.agent.name;

/** As many at once as the engine has slots; what runs processes gets the cores but one. */
export const laneWidths = (
  stages: Iterable<Stage>,
  concurrency: number | undefined,
): ((lane: string) => number) => {
  const processes = concurrency ?? Math.max(1, availableParallelism() - 1);
  const widths = new Map<string, number>();
  for (const { actors } of stages) {
    for (const actor of actors.values()) {
      const width = 'runtime' in actor ? actor.runtime.probe.slots : processes;
      const lane = laneOf(actor);
      widths.set(lane, Math.max(width, widths.get(lane) ?? 0));
    }
  }
  return (lane) => widths.get(lane) ?? processes;
};
