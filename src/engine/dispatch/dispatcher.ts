// SPDX-License-Identifier: GPL-3.0-only
import {
  BusyFault,
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../contract/engine.ts';
import { type DispatchClock, realClock } from './clock.ts';
import { type Figures, openMeter, type RequestMeter } from './figures.ts';
import { watchPrefixCache } from './prefix-cache.ts';
import { openSlots } from './slots.ts';

export type DispatcherOptions = {
  /** The most requests with the engine at once. */
  readonly slots: number;
  readonly clock?: DispatchClock;
  /** How often the one that has waited longest may be passed by. */
  readonly mostPassed?: number;
};

export type DispatchFigures = Figures & {
  readonly slots: number;
  readonly agents: Readonly<Record<string, Figures>>;
};

/** Sends what many agents ask of one endpoint: keeps it full and never sends more than its slots. */
export type Dispatcher = {
  /** The engine as one agent sees it; `slots` is what the engine itself says it has. */
  readonly engineFor: (engine: Engine, agent: string, slots: number) => Engine;
  /** Counts from zero again. */
  readonly begin: () => Promise<void>;
  readonly figures: () => Promise<DispatchFigures>;
  /** Ends what still waits. */
  readonly close: () => void;
};

/** That of all agents, and that of one. */
type Meters = readonly RequestMeter[];

/** How long and how often one request is sent again while the engine is busy. */
const patienceMs = 120_000;
const mostAttempts = 30;

/** How long nothing is sent after a refusal: longer with each attempt, or as the server asks. */
const firstPauseMs = 50;
const longestOwnPauseMs = 5_000;
const longestPauseMs = 60_000;

/**
 * One for each endpoint and model of a process. At most `slots` requests are sent at once; the
 * others wait in the order of `openRequestQueue`. A request refused as busy is sent again, boundedly; every
 * other fault goes to who asked.
 */
export const createDispatcher = (options: DispatcherOptions): Dispatcher => {
  const clock = options.clock ?? realClock;
  const slots = openSlots(options.slots, clock, options.mostPassed);
  const total = openMeter(clock.now());
  const agents = new Map<string, RequestMeter>();
  const cache = watchPrefixCache(clock);
  let closed = false;

  /** Sends it once; the slot was taken before. */
  const send = async (
    { complete }: Engine,
    request: CompletionRequest,
    meters: Meters,
    attempt: number,
  ): Promise<Completion | BusyFault> => {
    for (const meter of meters) meter.sent(clock.now());
    try {
      return await complete(request);
    } catch (error) {
      if (!(error instanceof BusyFault) || request.signal.aborted) throw error;
      slots.pause(pauseAfter(attempt, error));
      return error;
    } finally {
      for (const meter of meters) meter.back(clock.now());
      slots.leave();
    }
  };

  const sendUntilTaken = async (
    engine: Engine,
    meters: Meters,
    request: CompletionRequest,
  ): Promise<Completion> => {
    const number = slots.number();
    const start = clock.now();
    let refusedAt: number | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const turn = slots.enter(number, request);
      if (turn) await entered(turn, request, slots.leave);
      const queued = turn || attempt > 1 ? clock.now() - start : 0;
      const answer = await send(engine, request, meters, attempt);
      if (!(answer instanceof BusyFault)) {
        for (const meter of meters) meter.answered(answer?.usage ?? noUsage, queued);
        return queued > 0 ? delayed(answer, queued) : answer;
      }
      refusedAt ??= clock.now();
      if (closed || attempt >= mostAttempts || clock.now() - refusedAt >= patienceMs) throw answer;
      for (const meter of meters) meter.retried();
    }
  };

  /** Each request is counted once, however it ends. */
  const serve = async (
    engine: Engine,
    meters: Meters,
    request: CompletionRequest,
  ): Promise<Completion> => {
    request.signal.throwIfAborted();
    for (const meter of meters) meter.asked();
    try {
      if (closed) throw new EngineFault('the engine was closed');
      return await sendUntilTaken(engine, meters, request);
    } catch (error) {
      if (error instanceof EngineFault) for (const meter of meters) meter.failed();
      throw error;
    }
  };

  const meterOf = (agent: string): RequestMeter => {
    const meter = agents.get(agent) ?? openMeter(clock.now());
    agents.set(agent, meter);
    return meter;
  };

  return {
    engineFor: (engine, agent, engineSlots) => {
      slots.narrow(Math.max(1, engineSlots));
      if (engine.prefixCounts) cache.by(engine.prefixCounts);
      const meters = [total, meterOf(agent)];
      return { ...engine, complete: (request) => serve(engine, meters, request) };
    },
    begin: async () => {
      await cache.begin();
      for (const meter of [total, ...agents.values()]) meter.begin(clock.now());
    },
    figures: async () => {
      const told = await cache.hitRate();
      const now = clock.now();
      const all = total.read(now);
      return {
        ...all,
        // A server that tells no counts with its answers may still tell them in its metrics.
        prefixHitRate: all.tokens.cached > 0 ? all.prefixHitRate : (told ?? all.prefixHitRate),
        slots: slots.count(),
        agents: Object.fromEntries([...agents].map(([agent, meter]) => [agent, meter.read(now)])),
      };
    },
    close: () => {
      closed = true;
      slots.close();
    },
  };
};

const pauseAfter = (attempt: number, { retryAfterMs }: BusyFault): number =>
  retryAfterMs === undefined
    ? Math.min(longestOwnPauseMs, firstPauseMs * 2 ** (attempt - 1))
    : Math.min(longestPauseMs, retryAfterMs);

/** An abort may come between being given a slot and taking it. */
const entered = async (
  turn: Promise<void>,
  { signal, onQueue }: CompletionRequest,
  leave: () => void,
): Promise<void> => {
  onQueue?.(true);
  try {
    await turn;
  } finally {
    onQueue?.(false);
  }
  if (signal.aborted) {
    leave();
    throw signal.reason;
  }
};

const noUsage = { prompt: 0, cached: 0, completion: 0 };

/** An answer as who asked saw it: the time in the queue counts. */
const delayed = (completion: Completion, queued: number): Completion => {
  const { timing } = completion;
  return {
    ...completion,
    timing: {
      queued: queued + (timing.queued ?? 0),
      firstToken: timing.firstToken + queued,
      total: timing.total + queued,
    },
  };
};
