// SPDX-License-Identifier: GPL-3.0-only
import { isTransient } from '../data/findings/table.ts';
import type { SideOutcome } from '../learn/eval/result.ts';
import { agentName, type NodeMetrics } from '../morning/metrics/node-metrics.ts';
import type { SpecSummary, Summary } from '../morning/summary.ts';

/** How a spec, or an exam, ended. */
export type Ended = { readonly id: string; readonly outcome: SideOutcome };

/** How the specs of a night ended, and what an agent took for them. */
export const endedIn = (
  { specs }: Summary,
  nodes: readonly NodeMetrics[],
  agent: string,
): readonly Ended[] =>
  specs.map((spec) => ({ id: spec.id, outcome: outcomeOf(spec, costOf(spec.id, nodes, agent)) }));

/** Whether a spec is accepted: it has a pull request and no red unit. What an engine or a skip ended is broken. */
export const outcomeOf = <Cost>(
  spec: SpecSummary,
  cost: Cost,
): Cost & Omit<SideOutcome, 'tokens' | 'seconds'> => {
  const { outcome, reason, code, units, unitDetails } = spec;
  const codes = [code, ...unitDetails.map((unit) => unit.code)];
  const isBroken =
    outcome === 'skipped' || codes.some((one) => one !== undefined && isTransient(one));
  const accepted = outcome === 'pull-request' && units.red === 0;
  const why =
    outcome === 'pull-request' && units.red > 0
      ? `${units.red} of its units are red: ${unitDetails.find(({ state }) => state === 'red')?.reason ?? ''}`
      : reason;
  return {
    accepted,
    ...(isBroken && { broken: why }),
    reason: why,
    ...(code !== undefined && { code }),
    units,
    ...cost,
  };
};

const costOf = (
  spec: string,
  nodes: readonly NodeMetrics[],
  agent: string,
): Pick<SideOutcome, 'tokens' | 'seconds'> => {
  const ours = nodes.filter(
    (node) => node.address.spec === spec && agentName(node.agent) === agent && !node.hidden,
  );
  const sum = (of: (node: NodeMetrics) => number): number =>
    ours.reduce((total, node) => total + of(node), 0);
  return {
    tokens: {
      prompt: sum(({ sums }) => sums?.promptTokens ?? 0),
      cached: sum(({ sums }) => sums?.cachedTokens ?? 0),
      completion: sum(({ sums }) => sums?.completionTokens ?? 0),
    },
    seconds: sum(({ times }) => times?.ms ?? 0) / 1000,
  };
};
