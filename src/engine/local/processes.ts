// SPDX-License-Identifier: GPL-3.0-only
import type { WrittenSoFar } from '../contract/engine.ts';
import type { Calls } from './calls.ts';
import type { Call, ModelProcess } from './start-process.ts';
import { raceAbort, startIdle } from './waits.ts';

/** Someone who waits for an answer of a process. */
export type Waiter<Answer> = {
  readonly signal: AbortSignal;
  readonly idleTimeoutMs: number;
  /** The process begins to answer. */
  readonly onStart: () => void;
  readonly onProgress: (written?: WrittenSoFar) => void;
  readonly settle: PromiseWithResolvers<Answer>;
};

/** Processes that have loaded one model. */
export type Processes<Offered extends Calls> = {
  readonly all: readonly ModelProcess<Offered>[];
  /** The process of that number; one that has ended is started again. */
  readonly at: (index: number) => Promise<ModelProcess<Offered>>;
  /**
   * Has one process answer a batch. Resolves when it is free again, which may be after everybody has
   * gone; never rejects.
   */
  readonly answer: <Answer, One extends Waiter<Answer>>(
    index: number,
    batch: readonly One[],
    ask: (
      child: ModelProcess<Offered>,
      batch: readonly One[],
      onProgress: Waiter<Answer>['onProgress'],
    ) => Call<readonly Answer[]>,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A process that was told to stop and gives no sign of life is ended; one that others wait for, as late as they would give up [ms]. */
const usualPatience = 20_000;

/** Work of a process: what its every sign of life is told to, and how long one is waited for [ms]. */
type Work = { readonly onSign: () => void; readonly idleTimeoutMs: number };

/**
 * Opens the first process, which tells how many there are to be, and then the others: what is wrong
 * with a model is told once. @throws what opening them throws, with all of them closed.
 */
export const openProcesses = async <
  Offered extends Calls,
  First extends { readonly processes: number },
>(options: {
  readonly setting: string;
  readonly start: () => ModelProcess<Offered>;
  readonly openFirst: (child: ModelProcess<Offered>) => Promise<First>;
  /** Opens another one, or the one of that number again. */
  readonly openOther: (
    child: ModelProcess<Offered>,
    first: First,
    index: number,
  ) => Promise<unknown>;
  /** Whether silence means that a process will not stop either: it is ended at once. */
  readonly endSilent: boolean;
  readonly patience?: number;
}): Promise<Processes<Offered> & { readonly first: First }> => {
  const { setting, start, openFirst, openOther, endSilent, patience = usualPatience } = options;
  const all: ModelProcess<Offered>[] = [];
  const restarting = new Map<number, Promise<void>>();
  const working = new Map<ModelProcess<Offered>, Set<Work>>();

  const open = async <Opened>(
    index: number,
    work: (child: ModelProcess<Offered>) => Promise<Opened>,
  ): Promise<Opened> => {
    const child = start();
    try {
      const opened = await work(child);
      all[index] = child;
      return opened;
    } catch (error) {
      await child.close();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(all.map((child) => child.close()));
  };

  const first = await open(0, openFirst);
  const openAt = async (index: number): Promise<void> => {
    await open(index, (child) => openOther(child, first, index));
  };
  const others = await Promise.allSettled(
    Array.from({ length: first.processes - 1 }, (_, index) => openAt(index + 1)),
  );
  const failed = others.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await close();
    throw failed.reason;
  }

  const at = async (index: number): Promise<ModelProcess<Offered>> => {
    if (!all[index]?.isAlive()) {
      const again = restarting.get(index) ?? openAt(index);
      restarting.set(index, again);
      await again.finally(() => restarting.delete(index));
    }
    return all[index] as ModelProcess<Offered>;
  };

  const answerAll = async <Answer>(
    child: ModelProcess<Offered>,
    batch: readonly Waiter<Answer>[],
    ask: (onProgress: Waiter<Answer>['onProgress']) => Call<readonly Answer[]>,
  ): Promise<void> => {
    const idles = batch.map(({ idleTimeoutMs }) => startIdle(idleTimeoutMs, setting));
    if (endSilent) {
      for (const idle of idles) idle.silent.catch(() => child.kill('it was silent for too long'));
    }
    for (const { onStart } of batch) onStart();
    let sign = performance.now();
    const work: Work = {
      // A process evaluates what it was asked for in turns: its silence counts, and not that of a request.
      onSign: () => {
        sign = performance.now();
        for (const idle of idles) idle.refresh();
        for (const { onProgress } of batch) onProgress();
      },
      idleTimeoutMs: Math.max(...batch.map(({ idleTimeoutMs }) => idleTimeoutMs)),
    };
    const works = working.get(child) ?? new Set();
    working.set(child, works.add(work));
    const { done, stop } = ask((written) => {
      for (const one of works) one.onSign();
      for (const { onProgress } of batch) onProgress(written);
    });
    const settled = batch.map(async ({ signal, settle }, index) => {
      try {
        const silent = idles[index]?.silent ?? done;
        const answers = await raceAbort(Promise.race([done, silent]), signal);
        const answer = answers[index];
        if (!answer) throw new Error('the process gave fewer answers than it got prompts');
        settle.resolve(answer);
      } catch (error) {
        settle.reject(error);
      }
    });
    let ending: NodeJS.Timeout | undefined;
    let isDone = false;
    const endWhenSilent = (): void => {
      const others = [...works].filter((one) => one !== work);
      const most = Math.max(patience, ...others.map(({ idleTimeoutMs }) => idleTimeoutMs));
      const left = sign + most - performance.now();
      if (left > 0) ending = setTimeout(endWhenSilent, left);
      else child.kill(`it was told to stop and gave no sign of life for ${most / 1000} s`);
    };
    // Nobody waits any more.
    void Promise.all(settled).then(() => {
      if (isDone) return;
      stop();
      sign = performance.now();
      endWhenSilent();
    });
    await done.catch(() => {});
    isDone = true;
    works.delete(work);
    clearTimeout(ending);
    for (const idle of idles) idle.end();
  };

  return {
    first,
    all,
    at,
    answer: async (index, batch, ask) => {
      try {
        const child = await at(index);
        const wanted = batch.filter(({ signal }) => !signal.aborted);
        if (wanted.length === 0) return;
        await answerAll(child, wanted, (onProgress) => ask(child, wanted, onProgress));
      } catch (error) {
        for (const { settle } of batch) settle.reject(error);
      }
    },
    close,
  };
};
