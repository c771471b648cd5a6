// SPDX-License-Identifier: GPL-3.0-only
import { type NodeMetrics, nodeMetricsOf } from '../../morning/metrics/node-metrics.ts';
import { BundleFault } from '../../trace/bundle.ts';
import { openTraces } from '../../trace/open-traces.ts';

/**
 * The figures of every bundle of a night's folder, one at a time. What is not as it was written is told to `refuse`
 * and left out.
 */
export function* nightNodes(
  folder: string,
  refuse: (fault: BundleFault) => void,
): Generator<NodeMetrics> {
  const traces = openTraces(folder);
  const tried = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof BundleFault)) throw error;
      refuse(error);
      return undefined;
    }
  };
  for (const spec of traces.specs()) {
    for (const address of tried(() => traces.list(spec)) ?? []) {
      const bundle = tried(() => traces.read(address));
      if (bundle) yield nodeMetricsOf(bundle);
    }
  }
}
