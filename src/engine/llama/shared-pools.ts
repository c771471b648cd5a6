// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { createShares } from '../local/shared.ts';
import { type ModelPool, openModelPool, type PoolSettings } from './model-pool.ts';

/** One engine's share of a pool; agents that are bound to the same model with the same settings share it. */
export type SharedPool = {
  /** Opens it on first use; a failure is not kept. `setting` is for messages. */
  readonly pool: (setting: string, digest: string) => Promise<ModelPool>;
  /** The last one to close ends the processes. */
  readonly close: () => Promise<void>;
};

const share = createShares<ModelPool>();

/** A share of the pool with these settings; nothing is loaded yet. */
export const openShared = (settings: PoolSettings): SharedPool => {
  const { held, close } = share();
  return {
    // A file that was changed in between is another model.
    pool: (setting, digest) =>
      held(canonicalJson({ ...settings, digest }), () => openModelPool(settings, setting)),
    close,
  };
};
