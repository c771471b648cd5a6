// SPDX-License-Identifier: GPL-3.0-only
import type { Config } from '../../config/schema.ts';
import { digestOf } from '../../data/digest.ts';
import type { BoundFlow } from '../open/open-flow.ts';
import { runtimesOf } from '../open/stand-ins.ts';

type OutcomeSettings = Pick<Config, 'gate' | 'tests' | 'sandbox'>;

/**
 * What a flow's outcome depends on beside the spec and its files. A runtime's settings count whole: how much
 * context, time and room a model has decides whether it answers, though not what a verdict is tied to.
 */
export const outcomeParts = (
  flow: Pick<BoundFlow, 'definition' | 'agents'>,
  { gate, tests, sandbox }: OutcomeSettings,
) => ({
  settings: digestOf({ gate, sandbox, ...(tests !== undefined && { tests }) }),
  flow: digestOf(flow.definition),
  agents: agentDigests(flow),
  runtimes: [...flow.agents].flatMap(([node, agent]) => {
    if (!('runtime' in agent)) return [];
    const { digest, settings, probe } = agent.runtime;
    return [[node, digest, digestOf(settings), probe.contextTokens]];
  }),
});

const agentDigests = ({
  agents,
}: Pick<BoundFlow, 'agents'>): readonly (readonly [string, string])[] =>
  [...agents.values()].map(({ agent }) => [agent.manifest.name, agent.digest] as const);

/** What a flow's verdicts are tied to, by `flow/node`. */
export const runtimeDigests = (
  flow: string,
  bound: Pick<BoundFlow, 'agents' | 'standIns'>,
): readonly (readonly [string, string])[] =>
  runtimesOf(bound).map(([node, { digest }]) => [`${flow}/${node}`, digest] as const);
