// SPDX-License-Identifier: GPL-3.0-only
import { canonicalJson } from '../../data/digest.ts';
import { createShares } from '../local/shared.ts';
import { openPipelinePool, type PipelinePool, type PoolSettings } from './pipeline-pool.ts';

/** One engine's share of a pool; agents that are bound to the same model with the same settings share it. */
export type SharedPool = {
  /** Opens it on first use; a failure is not kept. `setting` is for messages. */
  readonly pool: (setting: string, digest: string) => Promise<PipelinePool>;
  /** The last one to close ends the processes. */
  readonly close: () => Promise<void>;
};

const share = createShares<PipelinePool>();

/** A share of the pool with these settings; nothing is loaded yet. */
export const openShared = (settings: PoolSettings): SharedPool => {
  const { held, close } = share();
  return {
    // Files that were changed in between are another model.
    pool: (setting, digest) =>
      held(canonicalJson({ ...settings, digest }), () => openPipelinePool(settings, setting)),
    close,
  };
};
