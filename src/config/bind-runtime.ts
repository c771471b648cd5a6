// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../data/count-noun.ts';
import type { FlowNode } from '../flow/schema.ts';
import { configMistake } from './config-mistake.ts';
import { selectProfile } from './load-config.ts';
import type { Config, Runtime } from './schema.ts';

/** Which node asks for a runtime: `index` counts the flow's nodes of that agent, `of` says how many there are. */
export type NodeBinding = {
  readonly agent: string;
  readonly node: string;
  readonly index: number;
  readonly of?: number;
};

type BoundKeys = Readonly<Exclude<Config['profiles'][string][string], readonly unknown[]>>;

/**
 * The runtime of a node: bound by its id, else by its agent's name (a list in the flow's order),
 * missing keys from the profile's `default`.
 * @throws UserError on an unknown profile or a list of the wrong length.
 */
export const bindRuntime = (
  config: Config,
  profileName: string | undefined,
  { agent, node, index, of }: NodeBinding,
): Runtime => {
  const profile = selectProfile(config, profileName);
  const name = profileName ?? config.profile;
  const key = boundKey(profile, { agent, node });
  const base = asRuntime(profile.default as BoundKeys);
  const bound = key === undefined || key === 'default' ? {} : profile[key];
  if (!Array.isArray(bound)) return inherit(base, bound ?? {});
  if (key === node && key !== agent) {
    throw configMistake(
      `profiles.${name}.${key}: "${key}" is one node. Write one runtime, not a list`,
    );
  }
  const picked = bound[index];
  if (!picked || (of !== undefined && of !== bound.length)) {
    const wanted = of ?? index + 1;
    throw configMistake(
      `profiles.${name}.${key}: lists ${countNoun(bound.length, 'runtime')} for ${of === undefined ? 'at least ' : ''}${countNoun(wanted, `node`)} of the flow. Write one for each, in their order`,
    );
  }
  return inherit(base, picked);
};

const boundKey = (
  profile: Config['profiles'][string],
  { agent, node }: Pick<NodeBinding, 'agent' | 'node'>,
): string | undefined => [node, agent].find((candidate) => Object.hasOwn(profile, candidate));

/** Where in pantheon.yaml a node's runtime stands, for messages: `profiles.gpu.review.peer[1]`. */
export const settingOf = (
  config: Config,
  profileName: string | undefined,
  { agent, node, index }: NodeBinding,
): string => {
  const profile = selectProfile(config, profileName);
  const key = boundKey(profile, { agent, node }) ?? 'default';
  const place = `profiles.${profileName ?? config.profile}.${key}`;
  return Array.isArray(profile[key]) ? `${place}[${index}]` : place;
};

/** The runtime of every node of a flow that runs one of `agents`, by node id. @throws UserError as `bindRuntime` does. */
export const bindFlow = (
  config: Config,
  profileName: string | undefined,
  nodes: readonly Pick<FlowNode, 'id' | 'agent'>[],
  agents: ReadonlySet<string>,
): ReadonlyMap<string, Runtime> =>
  new Map(
    nodes
      .filter(({ agent }) => agents.has(agent))
      .map(({ id, agent }) => {
        const peers = nodes.filter((node) => node.agent === agent);
        const index = peers.findIndex((peer) => peer.id === id);
        return [id, bindRuntime(config, profileName, { agent, node: id, index, of: peers.length })];
      }),
  );

/** Keys that mean the same on every engine; sockets, models and slots of one make no sense on another. */
const neutral = ['seed', 'temperature'] as const;

/** Keys that speak of a model, and so go when another one is named. */
const ofModel = ['adapter', 'contextTokens', 'template'] as const;

const endpoints = ['socket', 'url'] as const;

const inherit = (base: Runtime, binding: BoundKeys): Runtime => {
  const { engine = base.engine } = binding;
  if (engine !== base.engine) return { ...pick(base, neutral), ...binding, engine };
  const dropped: readonly string[] = [
    ...(binding.model !== undefined && binding.model !== base.model ? ofModel : []),
    ...(endpoints.some((key) => binding[key] !== undefined) ? endpoints : []),
  ];
  const kept = Object.entries(base).filter(([key]) => !dropped.includes(key));
  return { ...Object.fromEntries(kept), ...binding, engine };
};

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]): BoundKeys =>
  Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));

const asRuntime = (binding: BoundKeys): Runtime => {
  const { engine } = binding;
  // The schema refuses a profile whose default has no engine.
  if (engine === undefined) throw new Error('a profile without a default engine');
  return { ...binding, engine };
};
