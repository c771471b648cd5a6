// SPDX-License-Identifier: GPL-3.0-only
import type { Runtime } from '../../config/schema.ts';
import type { LoopLimits } from '../schema.ts';

/** An agent's limits with what its runtime sets in their place. */
export const limitsFor = (limits: LoopLimits, set: Runtime['limits'] = {}): LoopLimits => ({
  ...limits,
  ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)),
});
