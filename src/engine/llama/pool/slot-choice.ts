// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../../contract/engine.ts';

/** A place for one conversation at a time; what it evaluated of the last one is used again. */
export type Slot = {
  readonly process: number;
  readonly index: number;
  /** Requests that it answers or is to answer. */
  pending: number;
  /** Resolves when it has answered those. */
  free: Promise<void>;
  /** Counts up with each use; 0: never used. */
  used: number;
  /** The last conversation by adapter, its answer included. */
  readonly conversations: Map<string, readonly Message[]>;
};

/** Messages at the beginning that are the same. */
export const sharedMessages = (
  conversation: readonly Message[] | undefined,
  messages: readonly Message[],
): number => {
  if (!conversation) return 0;
  let shared = 0;
  while (shared < messages.length && isSame(conversation[shared], messages[shared])) shared += 1;
  return shared;
};

const isSame = (a: Message | undefined, b: Message | undefined): boolean =>
  a !== undefined && a.role === b?.role && a.content === b.content;

/**
 * The slot to answer in: of the free ones that with this conversation's last step, else one of the
 * process that has the least to do, never used or with the same system message, longest idle. Where
 * none is free, one with the fewest to answer.
 */
export const chooseSlot = (
  slots: readonly Slot[],
  adapter: string,
  messages: readonly Message[],
): Slot | undefined => {
  const busy = new Map<number, number>();
  for (const { process, pending } of slots) {
    busy.set(process, (busy.get(process) ?? 0) + pending);
  }
  const ranked = slots.map((slot) => {
    const { process, pending, used, conversations } = slot;
    const shared = sharedMessages(conversations.get(adapter), messages);
    return { slot, rank: [pending, shared > 1 ? -shared : 0, busy.get(process) ?? 0, used] };
  });
  const [best] = ranked.toSorted((a, b) => compareRanks(a.rank, b.rank));
  return best?.slot;
};

const compareRanks = (a: readonly number[], b: readonly number[]): number => {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};
