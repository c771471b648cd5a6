// SPDX-License-Identifier: GPL-3.0-only
import type { Verdict } from '../../review/schema.ts';
import { agentName, type NodeMetrics } from './node-metrics.ts';

/** A unit's patch with the agent that made it and what the two reviewers said. */
export type JudgedUnit = { readonly agent: string; readonly verdicts: readonly [Verdict, Verdict] };

/** Patches of one agent: how many it makes an hour (mu), and how likely one reviewer approves one of them (p). */
export type PatchStream = {
  readonly agent: string;
  readonly perHour: number;
  readonly approval: number;
};

/** Patches that both approved, and how many both would have if their verdicts had nothing to do with each other. */
export type AcceptedFigures = {
  readonly hours: number;
  readonly streams: readonly PatchStream[];
  readonly judged: number;
  readonly expected: number;
  readonly actual: number;
  /** What a person must know beside the expected number. */
  readonly note: string;
};

/** Patches that both reviewers approve in T hours: T * sum(mu_i * p_i^2), the two independent of each other. */
export const expectedAccepted = (hours: number, streams: readonly PatchStream[]): number =>
  hours * streams.reduce((sum, { perHour, approval }) => sum + perHour * approval ** 2, 0);

/**
 * The expected number beside the actual one, over the `hours` in which these units were judged; `null` where none
 * was, or no time passed. p is the geometric mean of both reviewers' shares of approvals, so that p^2 is their product.
 */
export const acceptedFigures = (
  hours: number,
  units: readonly JudgedUnit[],
): AcceptedFigures | null => {
  if (units.length === 0 || !(hours > 0)) return null;
  const streams = [...Map.groupBy(units, ({ agent }) => agent)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([agent, judged]) => ({
      agent,
      perHour: judged.length / hours,
      approval: Math.sqrt(approvalsOf(judged, 0) * approvalsOf(judged, 1)),
    }));
  return {
    hours,
    streams,
    judged: units.length,
    expected: expectedAccepted(hours, streams),
    actual: units.filter(({ verdicts }) => verdicts.every((verdict) => verdict === 'approve'))
      .length,
    note: independenceNote,
  };
};

const independenceNote =
  'The expected number assumes that the two reviewers judge independently. Both see the same patch, so they agree more often: an actual number above it is usual and says nothing good about them.';

const approvalsOf = (units: readonly JudgedUnit[], reviewer: 0 | 1): number =>
  units.filter(({ verdicts }) => verdicts[reviewer] === 'approve').length / units.length;

/** From the first node's beginning to the last one's end [h]: T of one night; 0 where no node says when it ran. */
export const workedHours = (nodes: Iterable<NodeMetrics>): number => {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { times } of nodes) {
    if (times === null) continue;
    from = Math.min(from, times.startedAt);
    to = Math.max(to, times.startedAt + times.ms);
  }
  return to > from ? (to - from) / 3_600_000 : 0;
};

/** The units whose patch two reviewers judged, without those that an exam hid, the reviewers in the order of their nodes. */
export const judgedUnits = (nodes: Iterable<NodeMetrics>): readonly JudgedUnit[] => {
  const live = [...nodes].filter(({ hidden, patched, verdict }) => !hidden && (patched || verdict));
  const units = Map.groupBy(live, ({ night, address: { spec, unit } }) =>
    JSON.stringify([night, spec, unit]),
  );
  return [...units.values()].flatMap((unit) => {
    const agent = unit.findLast(({ patched }) => patched)?.agent;
    const [a, b, ...more] = unit
      .filter(({ verdict }) => verdict !== null)
      .sort((one, other) => (one.address.node < other.address.node ? -1 : 1));
    if (agent === undefined || !a?.verdict || !b?.verdict || more.length > 0) return [];
    return [{ agent: agentName(agent), verdicts: [a.verdict, b.verdict] }];
  });
};
