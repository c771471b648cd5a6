// SPDX-License-Identifier: GPL-3.0-only
import PQueue from 'p-queue';

/** Bounded concurrency by name: one lane per agent, each as wide as what serves it. */
export type Lanes = {
  readonly run: <Value>(
    lane: string,
    priority: number,
    work: () => Promise<Value>,
  ) => Promise<Value>;
};

/** `widthOf` is asked once per lane. Among what waits in a lane, the highest priority goes first. */
export const openLanes = (widthOf: (lane: string) => number): Lanes => {
  const queues = new Map<string, PQueue>();
  const queueOf = (lane: string): PQueue => {
    const known = queues.get(lane);
    if (known) return known;
    const queue = new PQueue({ concurrency: widthOf(lane) });
    queues.set(lane, queue);
    return queue;
  };
  return { run: (lane, priority, work) => queueOf(lane).add(work, { priority }) };
};
