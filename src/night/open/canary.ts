// SPDX-License-Identifier: GPL-3.0-only
import type { BoundRuntime } from '../../agent/runtime.ts';
import { sha256 } from '../../data/digest.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import type { BoundFlow } from './open-flow.ts';

/** Whether a candidate works a spec in a night, by a hash of both; `share` of all specs, 0 to 1. */
export const isCanary = (night: string, spec: string, share: number): boolean =>
  Number.parseInt(sha256(`${night}\n${spec}`).slice(0, 12), 16) / 16 ** 12 < share;

/** The flow by which a spec is worked: where a candidate works it, with that in its place. */
export const flowFor = <Flow extends BoundFlow>(
  flow: Flow,
  { canary }: Pick<DecidedSpec, 'canary'>,
): Flow => {
  if (canary === undefined || !flow.canary) return flow;
  const { node, agent } = flow.canary;
  return flow.agents.has(node)
    ? { ...flow, agents: new Map([...flow.agents, [node, agent]]) }
    : flow;
};

/** What the adapters' names of a flow stood for, as `night.json` keeps it, by `flow/node`. */
export const adaptersOf = (
  flow: string,
  { adapters }: Pick<BoundFlow, 'adapters'>,
): readonly (readonly [string, NonNullable<Night['adapters']>[string]])[] =>
  [...adapters].map(([node, { adapter, canary }]) => [
    `${flow}/${node}`,
    {
      ...adapter,
      ...(canary && {
        candidate: {
          version: canary.adapter.version,
          digest: canary.adapter.digest,
          share: canary.share,
        },
      }),
    },
  ]);

/** The name of the candidate's adapter where it works a spec of a night. */
export const canaryOf = (
  night: string,
  spec: string,
  { canary }: Pick<BoundFlow, 'canary'>,
): string | undefined =>
  canary && isCanary(night, spec, canary.share) ? adapterName(canary.adapter) : undefined;

/** Every runtime of a flow by its node; the candidate's stands at `node@candidate`. */
export const runtimesOf = ({
  agents,
  canary,
}: Pick<BoundFlow, 'agents' | 'canary'>): readonly (readonly [string, BoundRuntime])[] =>
  [...agents, ...(canary ? [[`${canary.node}@candidate`, canary.agent] as const] : [])].flatMap(
    ([node, bound]) => ('runtime' in bound ? [[node, bound.runtime] as const] : []),
  );
