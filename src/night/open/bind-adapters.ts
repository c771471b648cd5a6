// SPDX-License-Identifier: GPL-3.0-only
import type { ModelAgent } from '../../agent/registry.ts';
import type { Runtime } from '../../config/schema.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName, type ChosenAdapters } from '../../engine/models/adapter-name.ts';
import type { ModelStore } from '../../engine/models/model-files.ts';
import { checkRegistered, chooseAdapters } from '../../engine/models/registered-adapter.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';

/** A runtime whose adapter is a version, and those of the versions that work some of the specs, by their names. */
export type BoundAdapters = {
  readonly settings: Runtime;
  readonly chosen?: ChosenAdapters;
  readonly others: ReadonlyMap<string, Runtime>;
};

/**
 * Puts the version that an adapter's name stands for in its place, and holds the files of each to the registry.
 * @throws UserError where the name stands for nothing, or the files are not what was promoted.
 */
export const bindAdapters = async (
  settings: Runtime & { readonly adapter: string },
  setting: string,
  { manifest }: Pick<ModelAgent, 'manifest'>,
  { registry, models }: { readonly registry: Registry; readonly models: ModelStore | undefined },
): Promise<BoundAdapters> => {
  const chosen = chooseAdapters(settings.adapter, registry, `${setting}.adapter`);
  if (!chosen) return { settings, others: new Map() };
  const { adapter, canary, routes = [] } = chosen;
  if ((canary || routes.length > 0) && manifest.role !== 'work') {
    const key = canary ? 'candidate.share' : 'routes';
    throw new UserError(
      `agents.${adapter.agent}.${key}: ${manifest.name} is there to ${manifest.role}, and only who works can have a share of the specs. Take "${key.split('.').at(-1)}" out`,
      { place: { file: registryName } },
    );
  }
  const ask = { setting, ...(models && { models }) };
  await checkRegistered(adapter, ask);
  const others = new Map(
    [...(canary ? [canary] : []), ...routes].map((one) => [adapterName(one.adapter), one.adapter]),
  );
  for (const other of others.values()) await checkRegistered(other, ask);
  return {
    settings: { ...settings, adapter: adapterName(adapter) },
    chosen,
    others: new Map([...others.keys()].map((name) => [name, { ...settings, adapter: name }])),
  };
};
