// SPDX-License-Identifier: GPL-3.0-only
import type { BoundRuntime } from '../../agent/runtime.ts';
import type { Chores } from '../../chore/chores.ts';
import { choresAsked } from '../../chore/read-asked.ts';
import { sha256 } from '../../data/digest.ts';
import { didYouMean } from '../../data/nearest.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { registryName, routeKey } from '../../engine/models/registry-names.ts';
import type { Spec } from '../../spec/schema.ts';
import type { DecidedSpec, Night } from '../record/night-schemas.ts';
import type { BoundFlow } from './open-flow.ts';

/** Whether a candidate works a spec in a night, by a hash of both; `share` of all specs, 0 to 1. */
export const isCanary = (night: string, spec: string, share: number): boolean =>
  Number.parseInt(sha256(`${night}\n${spec}`).slice(0, 12), 16) / 16 ** 12 < share;

/** Who works a spec in the place of the champion, as `night.json` keeps it: the candidate, or by a route. */
export type StandIn = Pick<DecidedSpec, 'canary' | 'route'>;

/** Who works a spec in the place of the champion. The candidate's share comes first: it is drawn from all specs. */
export const standInOf = (
  night: string,
  spec: Spec,
  { standIns }: Pick<BoundFlow, 'standIns'>,
  chores: Chores,
): StandIn => {
  if (!standIns) return {};
  const { canary, routes } = standIns;
  if (canary && isCanary(night, spec.id, canary.share)) {
    return { canary: adapterName(canary.adapter) };
  }
  if (routes.length === 0) return {};
  const key = routeKey(choresAsked(spec, chores));
  const route = routes.find((one) => routeKey(one.chores) === key);
  return route ? { route: adapterName(route.adapter) } : {};
};

/** The flow by which a spec is worked: where another version works it, with that in its place. */
export const flowFor = <Flow extends BoundFlow>(flow: Flow, { canary, route }: StandIn): Flow => {
  const name = canary ?? route;
  const { standIns, agents } = flow;
  if (name === undefined || !standIns || !agents.has(standIns.node)) return flow;
  const agent = standIns.agents.get(name);
  if (!agent) throw new Error(`${name} was decided on and is not there`);
  return { ...flow, agents: new Map([...agents, [standIns.node, agent]]) };
};

/** What the adapters' names of a flow stood for, as `night.json` keeps it, by `flow/node`. */
export const adaptersOf = (
  flow: string,
  { adapters }: Pick<BoundFlow, 'adapters'>,
): readonly (readonly [string, NonNullable<Night['adapters']>[string]])[] =>
  [...adapters].map(([node, { adapter, canary, routes }]) => [
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
      ...(routes && {
        routes: routes.map(({ chores, adapter: { version, digest } }) => ({
          chores: [...chores],
          ...{ version, digest },
        })),
      }),
    },
  ]);

/** Every runtime of a flow by its node; that of another version stands at `node@VERSION`. */
export const runtimesOf = ({
  agents,
  standIns,
}: Pick<BoundFlow, 'agents' | 'standIns'>): readonly (readonly [string, BoundRuntime])[] =>
  [
    ...agents,
    ...[...(standIns?.agents ?? [])].map(
      ([name, agent]) => [`${standIns?.node}@${name.split('@').at(-1)}`, agent] as const,
    ),
  ].flatMap(([node, bound]) => ('runtime' in bound ? [[node, bound.runtime] as const] : []));

/** @throws UserError where a route is for a chore that does not exist: no spec would ever take it. */
export const checkRoutes = ({ agents }: Registry, { all }: Pick<Chores, 'all'>): void => {
  for (const [agent, { routes }] of Object.entries(agents)) {
    for (const [index, { chores }] of (routes?.table ?? []).entries()) {
      const unknown = chores.find((name) => !all.has(name));
      if (unknown === undefined) continue;
      throw new UserError(
        `agents.${agent}.routes.table.${index}: there is no chore "${unknown}"${didYouMean(unknown, all.keys())}. Take that route out, or learn them again with "pantheon route ${agent}"`,
        { place: { file: registryName } },
      );
    }
  }
};
