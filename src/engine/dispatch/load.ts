// SPDX-License-Identifier: GPL-3.0-only

import type { Engine, Load } from '../contract/engine.ts';
import type { DispatchClock } from './clock.ts';

/** Looks now and then at what a server says of its load. */
export type LoadWatch = {
  /** Who can be asked; the first that is told stays. */
  readonly by: (load: NonNullable<Engine['load']>) => void;
  /** Goes on looking for as long as `isBusy`. */
  readonly look: (isBusy: () => boolean) => void;
  /** Counts the prefix cache's hits from here. */
  readonly begin: () => Promise<void>;
  /** Share of the prompt tokens that the server says it found in its cache since then, 0 to 1. */
  readonly hitRate: () => Promise<number | undefined>;
  readonly close: () => void;
};

const everyMs = 1_000;
const patienceMs = 2_000;

/** The load is only a hint: of a server that does not tell, or not in time, nothing is known. */
export const watchLoad = (
  clock: DispatchClock,
  onLoad: (load: Load | undefined) => void,
): LoadWatch => {
  let source: Engine['load'];
  let timer: { readonly cancel: () => void } | undefined;
  let closed = false;
  let first: Load | undefined;

  const ask = async (): Promise<Load | undefined> => {
    if (!source || closed) return undefined;
    const late = Promise.withResolvers<undefined>();
    const limit = clock.after(patienceMs, () => late.resolve(undefined));
    try {
      return await Promise.race([source(), late.promise]);
    } catch {
      return undefined;
    } finally {
      limit.cancel();
    }
  };
  const look = (isBusy: () => boolean): void => {
    if (timer || !source || closed) return;
    timer = clock.after(everyMs, async () => {
      if (isBusy()) onLoad(await ask());
      timer = undefined;
      if (isBusy()) look(isBusy);
    });
  };
  return {
    by: (load) => {
      source ??= load;
    },
    look,
    begin: async () => {
      first = await ask();
    },
    hitRate: async () => {
      const last = await ask();
      const queries = (last?.prefixQueries ?? 0) - (first?.prefixQueries ?? 0);
      const hits = (last?.prefixHits ?? 0) - (first?.prefixHits ?? 0);
      const isCount = queries > 0 && hits >= 0 && Number.isFinite(queries);
      return isCount ? Math.min(1, hits / queries) : undefined;
    },
    close: () => {
      closed = true;
      timer?.cancel();
    },
  };
};
