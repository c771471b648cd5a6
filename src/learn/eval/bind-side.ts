// SPDX-License-Identifier: GPL-3.0-only
import { bindRuntime } from '../../config/bind-runtime.ts';
import { configMistake } from '../../config/config-mistake.ts';
import type { Config, Runtime } from '../../config/schema.ts';
import { selectProfile } from '../../config/select-profile.ts';
import type { Flow } from '../../flow/schema.ts';

/** What plays the agent in a trial: its runtime with an adapter, or without one, or rules. */
export type SideRuntime = { readonly adapter: string | undefined } | { readonly runtime: Runtime };

type Profile = Config['profiles'][string];

/**
 * The settings of a trial: those of the commit with one agent bound to another runtime, in all flows. Nothing
 * of it leaves this machine. @throws UserError where the agent's runtime takes no adapter, or is not one.
 */
export const bindSide = (
  config: Config,
  profileName: string,
  agent: string,
  side: SideRuntime,
  flows: readonly Flow[],
): Config => {
  const profile = selectProfile(config, profileName);
  const nodes = new Set(
    flows.flatMap((flow) => flow.nodes.filter((node) => node.agent === agent).map(({ id }) => id)),
  );
  const kept = Object.fromEntries(Object.entries(profile).filter(([key]) => !nodes.has(key)));
  const bound = bindingOf(profile, profileName, agent, side, config, flows);
  return {
    ...config,
    profile: profileName,
    profiles: { ...config.profiles, [profileName]: { ...kept, [agent]: bound } },
    forge: 'local',
    commit: { signOff: false, sign: false },
    gate: { ...config.gate, maxOpen: Math.max(config.gate.maxOpen, 100_000) },
  };
};

const bindingOf = (
  profile: Profile,
  profileName: string,
  agent: string,
  side: SideRuntime,
  config: Config,
  flows: readonly Flow[],
): Profile[string] => {
  const setting = `profiles.${profileName}.${agent}`;
  const before = profile[agent];
  if (Array.isArray(before)) {
    const at = before.findIndex(({ adapter }) => adapter?.startsWith(`${agent}@`));
    if (at === -1) {
      throw configMistake(
        `${setting}: lists ${before.length} runtimes. Say "adapter: ${agent}@champion" in the one that a version is for`,
      );
    }
    return before.map((one, index) => (index === at ? replaced(one, side, setting) : one));
  }
  const flow = flows.find(({ nodes }) => nodes.some((node) => node.agent === agent));
  const node = flow?.nodes.find((one) => one.agent === agent);
  if (!flow || !node) throw configMistake(`${setting}: no flow has a node of ${agent}`);
  const { runtime } = bindRuntime(config, profileName, flow.nodes, node);
  return replaced(runtime, side, setting);
};

const replaced = <Bound extends { readonly engine?: string | undefined }>(
  runtime: Bound,
  side: SideRuntime,
  setting: string,
): Bound | Runtime => {
  if ('runtime' in side) return side.runtime;
  const { adapter: _, ...base } = runtime as Bound & { readonly adapter?: unknown };
  if (side.adapter === undefined) return base as unknown as Bound;
  if (runtime.engine === 'rules') {
    throw configMistake(
      `${setting}: is bound to rules, which take no adapter. Name a profile of a model with --profile`,
    );
  }
  return { ...base, adapter: side.adapter } as unknown as Bound;
};
