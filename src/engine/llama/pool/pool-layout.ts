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

/**
 * A slow model is to take its turn at a piece of every conversation's prompt [tokens] within so long [s]: more of
 * them at once would each be answered too late. Speeds are measured with the least number at once.
 */
const turn = { tokens: 512, seconds: 60, least: 4 } as const;

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
  const slots =
    settings.slots ??
    Math.max(
      1,
      Math.min(wanted * slotsEach, fitting, inTime(facts, { threads, processes: wanted })),
    );
  const processes = Math.min(wanted, slots);
  return { processes, threads, slots: Math.ceil(slots / processes) * processes };
};

/** Nothing bounds what was not measured: a GPU, or threads that a person set. */
const inTime = (
  { rates }: Pick<ModelFacts, 'rates'>,
  { threads, processes }: Omit<Layout, 'slots'>,
): number => {
  const rate = rates.find((one) => one.threads === threads)?.tokensPerSecond;
  if (rate === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(turn.least, Math.floor((rate * processes * turn.seconds) / turn.tokens));
};
