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
  for (const node of nodes) {
    const { night, address, hidden } = node;
    const key = `${night} ${address.spec}`;
    nights.add(night);
    specs.add(key);
    if (address.unit !== '_spec' && !hidden) units.add(`${key} ${address.unit}`);
    const spent = spentBy(node);
    engineMs += spent.engineMs;
    nodeMs += spent.nodeMs;
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

/** With an engine, and in the node as a whole; without the waits for a slot. */
const spentBy = ({
  times,
  completions,
}: NodeMetrics): { readonly engineMs: number; readonly nodeMs: number } => {
  const queued = completions.reduce((sum, { queuedMs = 0 }) => sum + queuedMs, 0);
  const asked = completions.reduce((sum, { totalMs }) => sum + totalMs, 0);
  return {
    engineMs: Math.max(0, asked - queued),
    nodeMs: Math.max(0, (times?.ms ?? 0) - queued),
  };
};

/** What each spec of a night took [s], with an engine where one was asked for it and in whole nodes otherwise, and its units. */
export const specServiceTimes = (
  nodes: Iterable<NodeMetrics>,
): ReadonlyMap<string, { readonly seconds: number; readonly units: number }> => {
  const specs = new Map<string, { engineMs: number; nodeMs: number; units: Set<string> }>();
  for (const node of nodes) {
    const { spec, unit } = node.address;
    const sum = specs.get(spec) ?? { engineMs: 0, nodeMs: 0, units: new Set<string>() };
    const spent = spentBy(node);
    sum.engineMs += spent.engineMs;
    sum.nodeMs += spent.nodeMs;
    if (unit !== '_spec' && !node.hidden) sum.units.add(unit);
    specs.set(spec, sum);
  }
  return new Map(
    [...specs].map(([spec, { engineMs, nodeMs, units }]) => [
      spec,
      { seconds: (engineMs || nodeMs) / 1000, units: units.size },
    ]),
  );
};
