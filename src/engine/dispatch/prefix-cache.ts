// SPDX-License-Identifier: GPL-3.0-only
import type { Engine, PrefixCounts } from '../contract/engine.ts';
import type { DispatchClock } from './clock.ts';

/** Counts what a server says of its prefix cache. */
export type PrefixCacheWatch = {
  /** Who can be asked; the first that is told stays. */
  readonly by: (counts: NonNullable<Engine['prefixCounts']>) => void;
  /** Counts the cache's hits from here. */
  readonly begin: () => Promise<void>;
  /** Share of the prompt tokens that the server says it found in its cache since then, 0 to 1. */
  readonly hitRate: () => Promise<number | undefined>;
};

const patienceMs = 2_000;

/** Only a hint: of a server that does not tell, or not in time, nothing is known. */
export const watchPrefixCache = (clock: DispatchClock): PrefixCacheWatch => {
  let source: Engine['prefixCounts'];
  let first: PrefixCounts | undefined;

  const ask = async (): Promise<PrefixCounts | undefined> => {
    if (!source) return undefined;
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
  return {
    by: (counts) => {
      source ??= counts;
    },
    begin: async () => {
      first = await ask();
    },
    hitRate: async () => {
      const last = await ask();
      const queries = (last?.queries ?? 0) - (first?.queries ?? 0);
      const hits = (last?.hits ?? 0) - (first?.hits ?? 0);
      const isCount = queries > 0 && hits >= 0 && Number.isFinite(queries);
      return isCount ? Math.min(1, hits / queries) : undefined;
    },
  };
};
