// SPDX-License-Identifier: GPL-3.0-only

/** Who waits for a place, and in which order: lower priority first, then who came first. */
type Waiting = { readonly priority: number; readonly go: () => void };

/** The places of an engine's batch. */
export type Places = {
  /** Resolves when a place is taken; `undefined` when the signal came first. */
  readonly take: (priority: number, signal: AbortSignal) => Promise<true | undefined>;
  readonly leave: () => void;
  readonly running: () => number;
  readonly waiting: () => number;
};

export const openPlaces = (slots: number): Places => {
  const line: Waiting[] = [];
  let running = 0;

  const next = (): void => {
    if (running >= slots || line.length === 0) return;
    const best = line.reduce((first, one) => (one.priority < first.priority ? one : first));
    line.splice(line.indexOf(best), 1);
    running += 1;
    best.go();
  };
  return {
    take: (priority, signal) => {
      if (signal.aborted) return Promise.resolve(undefined);
      if (running < slots) {
        running += 1;
        return Promise.resolve(true);
      }
      const { promise, resolve } = Promise.withResolvers<true | undefined>();
      const stop = (): void => {
        line.splice(line.indexOf(waiting), 1);
        resolve(undefined);
      };
      const waiting: Waiting = {
        priority,
        go: () => {
          signal.removeEventListener('abort', stop);
          resolve(true);
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      line.push(waiting);
      return promise;
    },
    leave: () => {
      running -= 1;
      next();
    },
    running: () => running,
    waiting: () => line.length,
  };
};
