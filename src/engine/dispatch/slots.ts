// SPDX-License-Identifier: GPL-3.0-only

import { type CompletionRequest, EngineFault, type Load } from '../contract/engine.ts';
import type { DispatchClock, Timer } from './clock.ts';
import {
  afterAnswer,
  afterBusy,
  afterLoad,
  allowedBy,
  type Limit,
  narrowTo,
  openLimit,
} from './limit.ts';
import { openLine, type Waiting } from './line.ts';

/** An engine's slots: who holds one, who waits, and how many there are for now. */
export type Slots = {
  /** A number for a new request: the older, the lower. */
  readonly number: () => number;
  /** Waits for a slot, which is taken when this resolves; `undefined` where one was free. */
  readonly enter: (number: number, request: CompletionRequest) => Promise<void> | undefined;
  readonly leave: () => void;
  /** The request that holds a slot goes to the engine. @returns its number among those sent. */
  readonly send: () => number;
  readonly answered: () => void;
  /** The engine was busy; `retryAfterMs` where it said for how long. */
  readonly refused: (sent: number, retryAfterMs: number | undefined) => void;
  /** `undefined`: the engine told nothing. */
  readonly loaded: (load: Load | undefined) => void;
  readonly narrow: (slots: number) => void;
  readonly taken: () => number;
  readonly limit: () => Pick<Limit, 'slots' | 'allowed'>;
  /** Ends what waits. */
  readonly close: () => void;
};

/** How long nothing is sent after a refusal: doubled from one to the next, or as the server asks. */
const firstPauseMs = 50;
const longestOwnPauseMs = 5_000;
const longestPauseMs = 60_000;
/** Who waits is told so three times in what would count as silence. */
const longestTickMs = 10_000;

/** See `createDispatcher`. */
export const openSlots = (
  slots: number,
  clock: DispatchClock,
  mostPassed: number | undefined,
): Slots => {
  const line = openLine(slots, mostPassed);
  let limit: Limit = openLimit(slots);
  let taken = 0;
  let asked = 0;
  let sent = 0;
  let refusals = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** Whether the server named the time itself. */
  let pauseIsGiven = false;
  let resume: Timer | undefined;
  let tick: (Timer & { readonly ms: number }) | undefined;

  const hasRoom = (): boolean => taken < allowedBy(limit) && clock.now() >= pausedUntil;

  const pump = (): void => {
    while (hasRoom()) {
      const next = line.take();
      if (!next) return;
      taken += 1;
      next.go();
    }
    const ms = pausedUntil - clock.now();
    if (line.all().length > 0 && ms > 0 && !resume) {
      resume = clock.after(ms, () => {
        resume = undefined;
        pump();
      });
    }
  };

  const tell = (): void => {
    const ms = tick?.ms ?? longestTickMs;
    tick = undefined;
    for (const { request } of line.all()) request.onProgress?.();
    if (line.all().length > 0) tellEvery(ms);
  };
  const tellEvery = (ms: number): void => {
    if (tick && tick.ms <= ms) return;
    tick?.cancel();
    tick = { ms, ...clock.after(ms, tell) };
  };

  const wait = (number: number, request: CompletionRequest): Promise<void> => {
    const { signal } = request;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = (): void => signal.removeEventListener('abort', stop);
    const waiting: Waiting = {
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
      line.remove(waiting);
      waiting.fail(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    line.add(waiting);
    tellEvery(Math.max(1, Math.min(longestTickMs, request.idleTimeoutMs / 3)));
    pump();
    return promise;
  };

  const pause = (given: number | undefined): void => {
    const own = Math.min(longestOwnPauseMs, firstPauseMs * 2 ** Math.min(refusals, 10));
    refusals += 1;
    const until = clock.now() + (given === undefined ? own : Math.min(given, longestPauseMs));
    if (until <= pausedUntil) return;
    pausedUntil = until;
    pauseIsGiven = given !== undefined;
    resume?.cancel();
    resume = undefined;
  };

  return {
    number: () => {
      asked += 1;
      return asked;
    },
    enter: (number, request) => {
      if (!hasRoom() || line.all().length > 0) return wait(number, request);
      taken += 1;
      line.sent(request);
      return undefined;
    },
    leave: () => {
      taken -= 1;
      if (line.all().length > 0) pump();
    },
    send: () => {
      sent += 1;
      return sent;
    },
    answered: () => {
      refusals = 0;
      limit = afterAnswer(limit);
      // An answer shows that there is a place again, unless the server asked for that very time.
      if (!pauseIsGiven) pausedUntil = Number.NEGATIVE_INFINITY;
    },
    refused: (number, retryAfterMs) => {
      limit = afterBusy(limit, taken - 1, number, sent);
      pause(retryAfterMs);
    },
    loaded: (load) => {
      limit = afterLoad(limit, load?.waiting, sent);
    },
    narrow: (held) => {
      limit = narrowTo(limit, held);
    },
    taken: () => taken,
    limit: () => ({ slots: limit.slots, allowed: allowedBy(limit) }),
    close: () => {
      tick?.cancel();
      resume?.cancel();
      for (const waiting of [...line.all()]) {
        line.remove(waiting);
        waiting.fail(new EngineFault('the engine was closed'));
      }
    },
  };
};
