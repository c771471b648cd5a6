// SPDX-License-Identifier: GPL-3.0-only
import { availableParallelism } from 'node:os';
import { chooseLayout } from './measure.ts';
import type { ModelFacts } from './model-calls.ts';

export type Layout = {
  readonly processes: number;
  readonly threads: number;
  /** Of all processes together. */
  readonly slots: number;
};

const slotsEach = 8;

/** What the settings leave open, from what was measured and the memory that is free. */
export const layoutOf = (
  settings: { readonly [Part in keyof Layout]: number | undefined },
  facts: ModelFacts,
): Layout => {
  const cores = availableParallelism();
  const best = chooseLayout(facts, cores);
  const threads =
    settings.threads ??
    (settings.processes === undefined
      ? best.threads
      : Math.min(best.threads, Math.max(1, Math.floor(cores / settings.processes))));
  const wanted =
    settings.processes ??
    (settings.threads === undefined ? best.processes : Math.max(1, Math.floor(cores / threads)));
  const room = Math.max(0, process.availableMemory() - facts.modelBytes) / 2;
  const fitting = Math.floor(room / Math.max(1, facts.bytesPerToken * facts.contextTokens));
  const slots = settings.slots ?? Math.max(1, Math.min(wanted * slotsEach, fitting));
  const processes = Math.min(wanted, slots);
  return { processes, threads, slots: Math.ceil(slots / processes) * processes };
};
