// SPDX-License-Identifier: GPL-3.0-only
import type { BundleAddress } from '../../trace/bundle.ts';
import type { NodeMetrics } from './node-metrics.ts';
import { type Estimate, shareOf } from './share-interval.ts';

/** Runs of one agent that failed in one way. */
export type FailBin = {
  /** `name@version` */
  readonly agent: string;
  readonly code: string;
  readonly count: number;
  /** All runs of that agent in that version. */
  readonly runs: number;
  readonly rate: Estimate;
  /** The first of them: where it is, and the first line of what it said. */
  readonly first: {
    readonly night: string;
    readonly address: BundleAddress;
    readonly line: string;
  };
};

/** Failed runs by agent, version and code, the fullest first. */
export const failBins = (nodes: Iterable<NodeMetrics>): readonly FailBin[] => {
  const runs = new Map<string, number>();
  const bins = new Map<string, Omit<FailBin, 'runs' | 'rate'>>();
  for (const { agent, failure, night, address } of nodes) {
    runs.set(agent, (runs.get(agent) ?? 0) + 1);
    if (failure === null) continue;
    const { code, message } = failure;
    const key = `${agent} ${code}`;
    const { first, count } = bins.get(key) ?? {
      first: { night, address, line: message.split('\n', 1)[0] ?? '' },
      count: 0,
    };
    bins.set(key, { agent, code, count: count + 1, first });
  }
  return [...bins.values()]
    .flatMap((bin) => {
      const all = runs.get(bin.agent) ?? 0;
      const rate = shareOf(bin.count, all);
      return rate === null ? [] : [{ ...bin, runs: all, rate }];
    })
    .sort((a, b) => b.count - a.count || (a.agent + a.code < b.agent + b.code ? -1 : 1));
};
