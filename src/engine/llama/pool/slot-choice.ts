// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../../contract/engine.ts';

/** A place for one conversation at a time; what it evaluated of the last one is used again. */
export type Slot = {
  readonly process: number;
  readonly index: number;
  busy: boolean;
  /** Counts up with each use; 0: never used. */
  used: number;
  /** The last conversation by adapter, its answer included. */
  readonly held: Map<string, readonly Message[]>;
};

/** Messages at the beginning that are the same. */
export const sharedMessages = (
  held: readonly Message[] | undefined,
  messages: readonly Message[],
): number => {
  if (!held) return 0;
  let shared = 0;
  while (shared < messages.length && isSame(held[shared], messages[shared])) shared += 1;
  return shared;
};

const isSame = (a: Message | undefined, b: Message | undefined): boolean =>
  a !== undefined && a.role === b?.role && a.content === b.content;

/**
 * The free slot to answer in: the one that holds this conversation's last step, else one of the
 * process that has the least to do, never used or with the same system message, longest idle.
 */
export const chooseSlot = (
  slots: readonly Slot[],
  adapter: string,
  messages: readonly Message[],
): Slot | undefined => {
  const busy = new Map<number, number>();
  for (const slot of slots) {
    busy.set(slot.process, (busy.get(slot.process) ?? 0) + (slot.busy ? 1 : 0));
  }
  const ranked = slots
    .filter((slot) => !slot.busy)
    .map((slot) => {
      const shared = sharedMessages(slot.held.get(adapter), messages);
      return { slot, rank: [shared > 1 ? -shared : 0, busy.get(slot.process) ?? 0, slot.used] };
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
