// SPDX-License-Identifier: GPL-3.0-only
import { createShares } from '../../local/shared.ts';
import { openModelPool } from './model-pool.ts';

/** A share of the pool with these settings; nothing is loaded yet. */
export const openShared = createShares(openModelPool);
