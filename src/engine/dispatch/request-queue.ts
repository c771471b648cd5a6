// SPDX-License-Identifier: GPL-3.0-only
import type { CompletionRequest } from '../contract/engine.ts';

/** A request that waits to be sent. */
export type QueuedRequest = {
  /** By age: it keeps its place when it has to wait again. */
  readonly number: number;
  readonly request: CompletionRequest;
  readonly go: () => void;
  readonly fail: (reason: unknown) => void;
};

/** What waits for an engine, and who goes next. */
export type RequestQueue = {
  readonly add: (queued: QueuedRequest) => void;
  readonly remove: (queued: QueuedRequest) => void;
  /** Takes out the one to send next. */
  readonly take: () => QueuedRequest | undefined;
  /** A request was sent without waiting. */
  readonly sent: (request: CompletionRequest) => void;
  readonly all: () => readonly QueuedRequest[];
};

/** How often the one that has waited longest may be passed by. */
const mostPassed = 64;

/** How long one group may go on while others wait: about as long as the engine takes to answer twice. */
const longestRun = (slots: number): number => Math.min(mostPassed, Math.max(4, 2 * slots));

/**
 * The highest priority goes first; of those the group that was sent last (it shares the prompt's
 * beginning), conversations that have begun before new ones (their cache is warm), then the oldest.
 * Neither group nor beginning counts after they went before age for a while, and who has waited
 * longest of all goes after it was passed by `bound` times: nobody waits for ever, and few for long.
 */
export const openRequestQueue = (slots: number, bound: number = mostPassed): RequestQueue => {
  const queue: QueuedRequest[] = [];
  let lastGroup: string | undefined;
  let passed = 0;
  let beforeOlder = 0;

  const isBefore = (a: CompletionRequest, b: CompletionRequest): boolean => {
    const priority = (a.priority ?? 0) - (b.priority ?? 0);
    if (priority !== 0) return priority > 0;
    if (beforeOlder >= longestRun(slots)) return false;
    const group = Number(a.group === lastGroup) - Number(b.group === lastGroup);
    if (group !== 0) return group > 0;
    return hasBegun(a) && !hasBegun(b);
  };
  const next = (): number => {
    if (passed >= bound) return 0;
    let best = 0;
    for (let index = 1; index < queue.length; index += 1) {
      if (isBefore(requestAt(queue, index), requestAt(queue, best))) best = index;
    }
    return best;
  };
  const takeOut = (index: number): QueuedRequest | undefined => {
    if (index === 0) passed = 0;
    return queue.splice(index, 1)[0];
  };
  return {
    add: (queued) => {
      let place = queue.length;
      while (place > 0 && (queue[place - 1]?.number ?? 0) > queued.number) place -= 1;
      queue.splice(place, 0, queued);
      if (place === 0) passed = 0;
    },
    remove: (queued) => {
      const index = queue.indexOf(queued);
      if (index >= 0) takeOut(index);
    },
    take: () => {
      if (queue.length === 0) return undefined;
      const index = next();
      if (index > 0) passed += 1;
      beforeOlder = isOldest(queue, index) ? 0 : beforeOlder + 1;
      const taken = takeOut(index);
      lastGroup = taken?.request.group;
      return taken;
    },
    sent: ({ group }) => {
      lastGroup = group;
    },
    all: () => queue,
  };
};

const requestAt = (queue: readonly QueuedRequest[], index: number): CompletionRequest =>
  (queue[index] as QueuedRequest).request;

/** Among those of its priority. */
const isOldest = (queue: readonly QueuedRequest[], index: number): boolean => {
  const { priority = 0 } = requestAt(queue, index);
  return queue.findIndex(({ request }) => (request.priority ?? 0) === priority) === index;
};

const hasBegun = ({ messages }: CompletionRequest): boolean => messages.length > 2;
