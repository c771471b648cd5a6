// SPDX-License-Identifier: GPL-3.0-only
import { countNoun } from '../data/count-noun.ts';
import type { FlowNode } from '../flow/schema.ts';
import { configMistake } from './config-mistake.ts';
import type { Config, Runtime } from './schema.ts';
import { selectProfile } from './select-profile.ts';

type BoundKeys = Readonly<Exclude<Config['profiles'][string][string], readonly unknown[]>>;

/** A node's runtime, and where it stands in pantheon.yaml, for messages: `profiles.gpu.review.peer[1]`. */
export type NodeRuntime = { readonly runtime: Runtime; readonly setting: string };

/**
 * The runtime of one of a flow's nodes: bound by its id, else by its agent's name (a list in the flow's
 * order), missing keys from the profile's `default`.
 * @throws UserError on an unknown profile or a list of the wrong length.
 */
export const bindRuntime = (
  config: Config,
  profileName: string | undefined,
  nodes: readonly Pick<FlowNode, 'id' | 'agent'>[],
  { id, agent }: Pick<FlowNode, 'id' | 'agent'>,
): NodeRuntime => {
  const profile = selectProfile(config, profileName);
  const key = [id, agent].find((name) => Object.hasOwn(profile, name)) ?? 'default';
  const setting = `profiles.${profileName ?? config.profile}.${key}`;
  const base = asRuntime(profile.default as BoundKeys);
  const bound = key === 'default' ? {} : profile[key];
  if (!Array.isArray(bound)) return { runtime: inherit(base, bound ?? {}), setting };
  if (key !== agent) {
    throw configMistake(`${setting}: "${key}" is one node. Write one runtime, not a list`);
  }
  const peers = nodes.filter((node) => node.agent === agent);
  const index = peers.findIndex((peer) => peer.id === id);
  const picked = bound[index];
  if (!picked || peers.length !== bound.length) {
    throw configMistake(
      `${setting}: lists ${countNoun(bound.length, 'runtime')} for ${countNoun(peers.length, 'node')} of the flow. Write one for each, in their order`,
    );
  }
  return { runtime: inherit(base, picked), setting: `${setting}[${index}]` };
};

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
