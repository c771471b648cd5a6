// SPDX-License-Identifier: GPL-3.0-only
import PQueue from 'p-queue';
import type { z } from 'zod';
import { raceAbort } from '../../engine/local/waits.ts';
import { errorOf, HandFault } from './hand-fault.ts';
import { answerTo, applyWritten, baseNumber, type Lent } from './lent-tree.ts';
import type { FromHand, HandCall } from './messages.ts';
import { type HandProcess, type HandStart, startHand } from './start-hand.ts';

/** One or a few processes that run the same code of a repository, each one call at a time. */
export type Hand = {
  /**
   * Has a process do something and judges what comes back. A call that is aborted ends its process.
   * @throws the signal's reason, what the code threw, or a HandFault
   */
  readonly call: <Schema extends z.ZodType>(
    call: HandCall,
    schema: Schema,
    lent?: Lent & { readonly signal?: AbortSignal | undefined },
  ) => Promise<z.output<Schema>>;
  readonly close: () => Promise<void>;
};

/** For calls that no node's time bounds [ms]. */
const defaultMs = 120_000;
/**
 * How long a call may keep others waiting before one more process starts [ms]: most calls end in a
 * hundredth of what a start costs.
 */
const patienceMs = 250;

type Running = {
  readonly process: HandProcess;
  readonly modules: string;
  base?: number;
};

/** A hand whose processes, at most `most`, are started when calls wait for them. */
export const openHand = (start: Omit<HandStart, 'modules'>, most: number): Hand => {
  const queue = new PQueue({ concurrency: 1 });
  const idle: Running[] = [];
  const all = new Set<Running>();
  /** What a process was at fault for while nobody waited for it. */
  let untold: Error | undefined;
  let closed = false;

  const take = async (modules: readonly string[]): Promise<Running> => {
    const key = JSON.stringify(modules);
    for (let running = idle.pop(); running; running = idle.pop()) {
      if (running.process.isAlive() && running.modules === key) return running;
      running.process.listen({ told: () => {}, ended: () => {} });
      running.process.kill('it is started again');
    }
    const running: Running = { process: await startHand({ ...start, modules }), modules: key };
    all.add(running);
    void running.process.ended.then(() => all.delete(running));
    return running;
  };

  const widen = (): void => {
    if (queue.size > 0 && queue.concurrency < most) queue.concurrency += 1;
  };
  const impatiently = async <T>(work: Promise<T>): Promise<T> => {
    // An answer that has come is read before.
    let isBusy = true;
    const timer = setInterval(() => setImmediate(() => isBusy && widen()), patienceMs).unref();
    try {
      return await work;
    } finally {
      isBusy = false;
      clearInterval(timer);
    }
  };

  const rest = (running: Running): void => {
    const { process } = running;
    if (!process.isAlive()) return;
    process.listen({
      told: (message) => {
        untold = message.is === 'fault' ? errorOf(message.fault) : new HandFault(unasked);
        process.kill(unasked);
      },
      ended: (why) => {
        if (!closed) untold ??= new HandFault(why);
      },
    });
    process.keep(false);
    idle.push(running);
  };

  return {
    call: async (call, schema, lent = {}) => {
      const signal = lent.signal ?? AbortSignal.timeout(defaultMs);
      const work = async () => {
        signal.throwIfAborted();
        const fault = untold;
        untold = undefined;
        if (fault) throw fault;
        const running = await take(lent.modules ?? []);
        try {
          return await impatiently(ask(running, call, lent, signal));
        } finally {
          rest(running);
        }
      };
      const { value, written, fault } = await raceAbort(queue.add(work), signal).catch((error) => {
        if (!lent.signal && signal.aborted)
          throw new HandFault(`it did not end within ${defaultMs} ms`);
        throw error;
      });
      if (lent.overlay && written) applyWritten(lent.overlay, written);
      if (fault) throw errorOf(fault);
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      // Most processes of one node never load it.
      const { describeIssues } = await import('../../agent/read-envelope.ts');
      throw new HandFault(`it gave back something else: ${describeIssues(result.error.issues)}`);
    },
    close: async () => {
      closed = true;
      const open = [...all];
      for (const { process } of open) process.kill('the night is over');
      await Promise.all(open.map(({ process }) => process.ended));
    },
  };
};

const unasked = 'it spoke without being asked';

type End = Extract<FromHand, { readonly is: 'end' }>;

const ask = async (
  running: Running,
  call: HandCall,
  lent: Lent,
  signal: AbortSignal,
): Promise<End> => {
  const { process } = running;
  const end = Promise.withResolvers<End>();
  const stop = () => process.kill('it was stopped');
  process.keep(true);
  process.listen({
    told: (message) => {
      if (message.is === 'end') end.resolve(message);
      else if (message.is === 'fault') {
        end.resolve({ is: 'end', fault: message.fault });
        process.kill('it was at fault');
      } else if (message.is === 'ready') process.kill(unasked);
      else {
        answerTo(message.wants, lent).then(
          (answer) => process.send({ is: 'answer', ask: message.ask, answer }),
          (error) => {
            end.reject(error);
            stop();
          },
        );
      }
    },
    ended: (why) => end.reject(signal.aborted ? signal.reason : new HandFault(why)),
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (lent.overlay) lendBase(running, lent.overlay.base);
    process.send({ is: 'call', call });
    return await end.promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

const lendBase = (running: Running, base: NonNullable<Lent['overlay']>['base']): void => {
  const number = baseNumber(base);
  if (running.base === number) return;
  running.base = number;
  const { commit, entries } = base;
  running.process.send({ is: 'base', base: number, commit, entries: [...entries] });
};
