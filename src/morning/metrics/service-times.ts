// SPDX-License-Identifier: GPL-3.0-only
import type { NodeMetrics } from './node-metrics.ts';

/** What nights spent on their work, waits for a slot left out. */
export type ServiceTimes = {
  /** `engine`: time with an engine, in which a request has a slot; `node`: whole runs of nodes, where no model was asked. */
  readonly basis: 'engine' | 'node';
  readonly nights: number;
  readonly units: number;
  readonly specs: number;
  /** Means [s]: all that was spent, by units and by specs. */
  readonly unitSeconds: number;
  readonly specSeconds: number;
};

/**
 * Means over all bundles of some nights, those of plans, gates and hidden patches included: the slots work for these
 * too. `null` where no unit was worked or nothing took time.
 */
export const serviceTimes = (nodes: Iterable<NodeMetrics>): ServiceTimes | null => {
  const [nights, units, specs] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let [engineMs, nodeMs] = [0, 0];
  for (const { night, address, times, completions, hidden } of nodes) {
    const key = `${night} ${address.spec}`;
    nights.add(night);
    specs.add(key);
    if (address.unit !== '_spec' && !hidden) units.add(`${key} ${address.unit}`);
    const queued = completions.reduce((sum, { queuedMs = 0 }) => sum + queuedMs, 0);
    const asked = completions.reduce((sum, { totalMs }) => sum + totalMs, 0);
    engineMs += Math.max(0, asked - queued);
    nodeMs += Math.max(0, (times?.ms ?? 0) - queued);
  }
  const basis = engineMs > 0 ? 'engine' : 'node';
  const seconds = (basis === 'engine' ? engineMs : nodeMs) / 1000;
  if (units.size === 0 || seconds === 0) return null;
  return {
    basis,
    nights: nights.size,
    units: units.size,
    specs: specs.size,
    unitSeconds: seconds / units.size,
    specSeconds: seconds / specs.size,
  };
};
