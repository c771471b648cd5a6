// SPDX-License-Identifier: GPL-3.0-only
import { bindRuntime } from '../../config/bind-runtime.ts';
import type { Runtime } from '../../config/schema.ts';
import { canonicalJson } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import {
  adapterName,
  type ChosenAdapters,
  type RegisteredAdapter,
} from '../../engine/models/adapter-name.ts';
import { chooseAdapters } from '../../engine/models/registered-adapter.ts';
import type { DoctorSources } from './sources.ts';

/** A runtime that the flows' model agents are bound to. */
export type Bound = {
  readonly runtime: Runtime;
  /** The version that its adapter's name stands for. */
  readonly version?: RegisteredAdapter;
  /** Why that version works: it is named so, is the candidate with a share, or has a route. */
  readonly why: readonly string[];
  readonly folder: string;
  /** Of the first node that it is bound to; the others follow. */
  readonly settings: readonly string[];
  readonly agents: readonly string[];
  /** The flow of each reviewing node. */
  readonly reviews: readonly string[];
};

/** Each different runtime that the flows' model agents are bound to, once; a mistake in pantheon.yaml is given. */
export const boundIn = (
  { config, flows, agents: rooms, registry }: DoctorSources,
  profile: string,
): readonly Bound[] | UserError => {
  const bindings = new Map<string, Bound>();
  for (const flow of flows) {
    for (const node of flow.nodes) {
      const agent = rooms.get(node.agent);
      if (agent?.manifest.kind !== 'model') continue;
      try {
        const { runtime: asked, setting } = bindRuntime(config, profile, flow.nodes, node);
        const { adapter: name } = asked;
        const chosen =
          name === undefined ? undefined : chooseAdapters(name, registry, `${setting}.adapter`);
        for (const { version, why: reason } of chosen ? versionsIn(chosen) : ([{}] as const)) {
          const runtime = version ? { ...asked, adapter: adapterName(version) } : asked;
          const folder = runtime.engine === 'rules' ? agent.folder : '';
          const key = `${folder}\n${canonicalJson(runtime)}`;
          const { settings = [], agents = [], reviews = [], why = [] } = bindings.get(key) ?? {};
          bindings.set(key, {
            runtime,
            ...(version && { version }),
            why: [...new Set([...why, ...(reason === undefined ? [] : [reason])])],
            folder,
            settings: [...new Set([...settings, setting])],
            agents: [...new Set([...agents, node.agent])],
            reviews: agent.manifest.role === 'review' ? [...reviews, flow.name] : reviews,
          });
        }
      } catch (error) {
        if (error instanceof UserError) return error;
        throw error;
      }
    }
  }
  const keys = Object.keys(config.profiles[profile] ?? {});
  const at = ({ settings: [setting = ''] }: Bound) =>
    keys.findIndex((key) => setting.startsWith(`profiles.${profile}.${key}`));
  return [...bindings.values()].sort((a, b) => at(a) - at(b));
};

type VersionInService = { readonly version?: RegisteredAdapter; readonly why?: string };

/** Every version that a night would open for an adapter's name. */
const versionsIn = ({
  adapter,
  canary,
  routes = [],
}: ChosenAdapters): readonly VersionInService[] => [
  { version: adapter, why: adapter.alias === undefined ? 'as named' : `the ${adapter.alias}` },
  ...(canary
    ? [
        {
          version: canary.adapter,
          why: `the candidate for ${Math.round(100 * canary.share)} % of the specs`,
        },
      ]
    : []),
  ...routes.map(({ adapter: version, chores }) => ({
    version,
    why: `the route for ${chores.length === 0 ? 'no chore' : chores.join(', ')}`,
  })),
];
