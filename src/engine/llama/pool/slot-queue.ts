// SPDX-License-Identifier: GPL-3.0-only
import type { Message } from '../../contract/engine.ts';
import type { Layout } from './pool-layout.ts';
import { chooseSlot, type Slot } from './slot-choice.ts';

/** The slots of all processes, and who waits for one, first come first served. */
export type SlotQueue = {
  /** @throws the signal's reason when that comes first. */
  readonly acquire: (asked: Asking, signal: AbortSignal) => Promise<Slot>;
  readonly release: (slot: Slot) => void;
  /** The process has ended: what its slots held is gone with it. */
  readonly forgetProcess: (process: number) => void;
  readonly forgetAdapter: (adapter: string) => void;
};

type Asking = { readonly adapter?: string; readonly messages: readonly Message[] };

/** As many slots as the layout says, the same number in each process. */
export const openSlotQueue = (layout: Layout): SlotQueue => {
  const each = layout.slots / layout.processes;
  const slots: Slot[] = Array.from({ length: layout.slots }, (_, index) => ({
    process: Math.floor(index / each),
    index: index % each,
    busy: false,
    used: 0,
    held: new Map(),
  }));
  const queue: (() => boolean)[] = [];
  let uses = 0;
  return {
    acquire: ({ adapter = '', messages }, signal) => {
      const take = (): Slot | undefined => {
        const slot = chooseSlot(slots, adapter, messages);
        if (!slot) return undefined;
        uses += 1;
        slot.used = uses;
        slot.busy = true;
        return slot;
      };
      const free = queue.length === 0 ? take() : undefined;
      if (free) return Promise.resolve(free);
      const { promise, resolve, reject } = Promise.withResolvers<Slot>();
      const turn = (): boolean => {
        const slot = signal.aborted ? undefined : take();
        if (slot) resolve(slot);
        return slot !== undefined || signal.aborted;
      };
      const stop = (): void => {
        const place = queue.indexOf(turn);
        if (place >= 0) queue.splice(place, 1);
        reject(signal.reason);
      };
      queue.push(turn);
      signal.addEventListener('abort', stop, { once: true });
      return promise.finally(() => signal.removeEventListener('abort', stop));
    },
    release: (slot) => {
      slot.busy = false;
      while (queue[0]?.()) queue.shift();
    },
    forgetProcess: (process) => {
      for (const slot of slots) if (slot.process === process) slot.held.clear();
    },
    forgetAdapter: (adapter) => {
      for (const slot of slots) slot.held.delete(adapter);
    },
  };
};
