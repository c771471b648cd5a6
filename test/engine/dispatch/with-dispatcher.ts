// SPDX-License-Identifier: GPL-3.0-only

import {
  BusyFault,
  type CompletionRequest,
  type Engine,
  EngineFault,
} from '../../../src/engine/contract/engine.ts';
import type { DispatchClock } from '../../../src/engine/dispatch/clock.ts';
import { createDispatcher } from '../../../src/engine/dispatch/dispatcher.ts';
import { fakeClock } from './fake-clock.ts';

/** What a scripted engine does with a request, read from its last message. */
export type Order = {
  readonly name: string;
  readonly ms?: number;
  /** Refused as busy so often first. */
  readonly busy?: number;
  readonly retryAfterMs?: number;
  readonly fault?: boolean;
};

export type Scripted = Engine & {
  /** Names in the order in which they came, refused ones included. */
  readonly came: string[];
  most: number;
  running: number;
};

/** An engine that does as each request says, on the given clock. */
export const scripted = (clock: DispatchClock): Scripted => {
  const refused = new Map<string, number>();
  const engine: Scripted = {
    came: [],
    most: 0,
    running: 0,
    complete: async ({ messages, signal, onProgress }) => {
      signal.throwIfAborted();
      const order: Order = JSON.parse(messages.at(-1)?.content ?? '{}');
      engine.came.push(order.name);
      engine.running += 1;
      engine.most = Math.max(engine.most, engine.running);
      try {
        const times = refused.get(order.name) ?? 0;
        if (times < (order.busy ?? 0)) {
          refused.set(order.name, times + 1);
          throw new BusyFault('the engine is full', order.retryAfterMs);
        }
        await new Promise<void>((resolve, reject) => {
          const timer = clock.after(order.ms ?? 10, resolve);
          signal.addEventListener('abort', () => {
            timer.cancel();
            reject(signal.reason);
          });
        });
        if (order.fault) throw new EngineFault('the engine is out');
        onProgress?.();
        const ms = order.ms ?? 10;
        return {
          text: order.name,
          usage: { prompt: 100, cached: 25, completion: 50 },
          finish: 'stop',
          timing: { firstToken: ms / 2, total: ms },
        };
      } finally {
        engine.running -= 1;
      }
    },
    probe: () => Promise.reject(new Error('not asked for')),
    countTokens: async () => 1,
    close: async () => {},
  };
  return engine;
};

/** A request that carries its order. */
export const asking = (order: Order, more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  messages: [
    { role: 'system', content: 'Do as you are told.' },
    { role: 'user', content: JSON.stringify(order) },
  ],
  schema: {},
  maxTokens: 100,
  idleTimeoutMs: 300,
  signal: new AbortController().signal,
  ...more,
});

/** A dispatcher before a scripted engine, on a clock that is moved by hand. */
export const open = (slots: number, mostPassed?: number) => {
  const clock = fakeClock();
  const source = scripted(clock);
  const dispatcher = createDispatcher({
    slots,
    clock,
    ...(mostPassed !== undefined && { mostPassed }),
  });
  const engine = dispatcher.engineFor(source, 'writer', slots);
  const ask = (order: Order, more?: Partial<CompletionRequest>) =>
    engine.complete(asking(order, more));
  return { clock, source, dispatcher, engine, ask };
};

export const range = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => i);
