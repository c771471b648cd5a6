// SPDX-License-Identifier: GPL-3.0-only
import { type CompletionRequest, EngineFault } from '../contract/engine.ts';
import type { DispatchClock, Timer } from './clock.ts';
import { openRequestQueue, type QueuedRequest } from './request-queue.ts';

/** An engine's slots: who has one, and who waits. */
export type DispatchSlots = {
  /** A number for a new request: the older, the lower. */
  readonly number: () => number;
  /** Waits for a slot, which is taken when this resolves; `undefined` where one was free. */
  readonly enter: (number: number, request: CompletionRequest) => Promise<void> | undefined;
  readonly leave: () => void;
  /** Sends nothing for so long. */
  readonly pause: (ms: number) => void;
  /** For an engine that turns out to have fewer. */
  readonly narrow: (slots: number) => void;
  readonly count: () => number;
  /** Ends what waits. */
  readonly close: () => void;
};

/** See `createDispatcher`. */
export const openSlots = (
  count: number,
  clock: DispatchClock,
  mostPassed: number | undefined,
): DispatchSlots => {
  const queue = openRequestQueue(count, mostPassed);
  let slots = count;
  let taken = 0;
  let asked = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let resume: Timer | undefined;

  const hasRoom = (): boolean => taken < slots && clock.now() >= pausedUntil;

  const pump = (): void => {
    while (hasRoom()) {
      const next = queue.take();
      if (!next) return;
      taken += 1;
      next.go();
    }
    const ms = pausedUntil - clock.now();
    if (ms <= 0 || queue.all().length === 0) return;
    resume ??= clock.after(ms, () => {
      resume = undefined;
      pump();
    });
  };

  const wait = (number: number, request: CompletionRequest): Promise<void> => {
    const { signal } = request;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (): void => signal.removeEventListener('abort', stop);
    const queued: QueuedRequest = {
      number,
      request,
      go: () => {
        end();
        resolve();
      },
      fail: (reason) => {
        end();
        reject(reason);
      },
    };
    const stop = (): void => {
      queue.remove(queued);
      queued.fail(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    queue.add(queued);
    pump();
    return promise;
  };

  return {
    number: () => {
      asked += 1;
      return asked;
    },
    enter: (number, request) => {
      if (!hasRoom() || queue.all().length > 0) return wait(number, request);
      taken += 1;
      queue.sent(request);
      return undefined;
    },
    leave: () => {
      taken -= 1;
      pump();
    },
    pause: (ms) => {
      pausedUntil = Math.max(pausedUntil, clock.now() + ms);
    },
    narrow: (fewer) => {
      slots = Math.min(slots, fewer);
    },
    count: () => slots,
    close: () => {
      resume?.cancel();
      for (const queued of [...queue.all()]) {
        queue.remove(queued);
        queued.fail(new EngineFault('the engine was closed'));
      }
    },
  };
};
