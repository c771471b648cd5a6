// SPDX-License-Identifier: GPL-3.0-only

import {
  BusyFault,
  type Completion,
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../contract/engine.ts';
import { type DispatchClock, realClock } from './clock.ts';
import { type Figures, type Meter, openMeter } from './figures.ts';
import { watchLoad } from './load.ts';
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
  /** How many it may be sent at once now: below `slots` after it was busy. */
  readonly limit: number;
  readonly agents: Readonly<Record<string, Figures>>;
};

/** Sends what many agents ask of one endpoint, and keeps it full without flooding it. */
export type Dispatcher = {
  /** The engine as one agent sees it; `slots` is what the engine itself says it holds. */
  readonly engineFor: (engine: Engine, agent: string, slots: number) => Engine;
  /** Counts anew from here. */
  readonly begin: () => Promise<void>;
  readonly figures: () => Promise<DispatchFigures>;
  /** Ends what still waits. */
  readonly close: () => void;
};

/** How long and how often one request is sent again while the engine is busy. */
const patienceMs = 120_000;
const mostTries = 30;

/**
 * One for each endpoint and model of a process. At most `slots` requests are sent at once, fewer
 * while the engine says that it is busy; the others wait in the order of `openLine`. A request
 * refused as busy is sent again, boundedly; every other fault goes to who asked.
 */
export const createDispatcher = (options: DispatcherOptions): Dispatcher => {
  const clock = options.clock ?? realClock;
  const slots = openSlots(options.slots, clock, options.mostPassed);
  const total = openMeter(clock.now());
  const agents = new Map<string, Meter>();
  const watch = watchLoad(clock, slots.loaded);
  const isBusy = (): boolean => slots.taken() > 0;
  let closed = false;

  /** Sends it once; the slot was taken before. */
  const send = async (
    { complete }: Engine,
    request: CompletionRequest,
    agent: Meter,
  ): Promise<Completion | BusyFault> => {
    const number = slots.send();
    const start = clock.now();
    total.sent(start);
    agent.sent(start);
    watch.look(isBusy);
    try {
      const completion = await complete(request);
      slots.answered();
      return completion;
    } catch (error) {
      if (!(error instanceof BusyFault) || request.signal.aborted) throw error;
      slots.refused(number, error.retryAfterMs);
      return error;
    } finally {
      const end = clock.now();
      total.back(end);
      agent.back(end);
      slots.leave();
    }
  };

  const sendUntilTaken = async (
    engine: Engine,
    agent: Meter,
    request: CompletionRequest,
  ): Promise<Completion> => {
    const number = slots.number();
    const start = clock.now();
    let refusedAt: number | undefined;
    for (let tries = 1; ; tries += 1) {
      const turn = slots.enter(number, request);
      if (turn) await entered(turn, request, slots.leave);
      const queued = turn || tries > 1 ? clock.now() - start : 0;
      const answer = await send(engine, request, agent);
      if (!(answer instanceof BusyFault)) {
        for (const meter of [total, agent]) meter.answered(answer?.usage ?? noUsage, queued);
        return queued > 0 ? delayed(answer, queued) : answer;
      }
      refusedAt ??= clock.now();
      if (closed || tries >= mostTries || clock.now() - refusedAt >= patienceMs) throw answer;
      for (const meter of [total, agent]) meter.retried();
    }
  };

  /** Each request is counted once, however it ends. */
  const serve = async (
    engine: Engine,
    agent: Meter,
    request: CompletionRequest,
  ): Promise<Completion> => {
    request.signal.throwIfAborted();
    for (const meter of [total, agent]) meter.asked();
    try {
      if (closed) throw new EngineFault('the engine was closed');
      return await sendUntilTaken(engine, agent, request);
    } catch (error) {
      if (error instanceof EngineFault) for (const meter of [total, agent]) meter.failed();
      throw error;
    }
  };

  const meterOf = (agent: string): Meter => {
    const known = agents.get(agent);
    if (known) return known;
    const meter = openMeter(clock.now());
    agents.set(agent, meter);
    return meter;
  };

  return {
    engineFor: (engine, agent, held) => {
      slots.narrow(Math.max(1, held));
      if (engine.load) watch.by(engine.load);
      const meter = meterOf(agent);
      return { ...engine, complete: (request) => serve(engine, meter, request) };
    },
    begin: async () => {
      await watch.begin();
      for (const meter of [total, ...agents.values()]) meter.begin(clock.now());
    },
    figures: async () => {
      const told = await watch.hitRate();
      const now = clock.now();
      const all = total.read(now);
      const { slots: held, allowed } = slots.limit();
      return {
        ...all,
        // A server that tells no counts with its answers may still tell them in its metrics.
        prefixHitRate: all.tokens.cached > 0 ? all.prefixHitRate : (told ?? all.prefixHitRate),
        slots: held,
        limit: allowed,
        agents: Object.fromEntries([...agents].map(([agent, meter]) => [agent, meter.read(now)])),
      };
    },
    close: () => {
      closed = true;
      watch.close();
      slots.close();
    },
  };
};

/** An abort may come between being given a slot and taking it. */
const entered = async (
  turn: Promise<void>,
  { signal, onProgress, onQueue }: CompletionRequest,
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
  onProgress?.();
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
