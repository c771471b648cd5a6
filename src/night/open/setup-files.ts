// SPDX-License-Identifier: GPL-3.0-only
import type { Config } from '../../config/schema.ts';
import { once } from '../../data/memoise.ts';
import type { Source } from '../../data/read-source.ts';
import type { ModelStore } from '../../engine/models/model-files.ts';
import type { Registry } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { readBaseFile } from './base-files.ts';
import { readOwnRules } from './own-rules.ts';

/** What agents, tools and engines are opened by. */
export type SetupFiles = {
  readonly base: BaseTree;
  readonly config: Config;
  /** What `models.lock` of the commit pins, and where models lie on this machine; read once, when asked. */
  readonly models: () => Promise<ModelStore>;
  /** The trained versions that `registry.yaml` of the commit has; read once, when asked. */
  readonly registry: () => Promise<Registry>;
  /** The commit's own rules. */
  readonly rules: () => Promise<readonly Source[]>;
};

/** Of a commit whose settings are at hand, as `night.json` keeps them. */
export const setupFiles = (base: BaseTree, config: Config): SetupFiles => {
  const registry = once(() => readRegistry(base));
  return {
    base,
    config,
    models: once(async () => ({ ...(await readModels(base)), registry: await registry() })),
    registry,
    rules: once(() => readOwnRules(base, config)),
  };
};

/** A process whose node runs code asks for no models and loads nothing for them. */
const readModels = async (base: BaseTree): Promise<ModelStore> => {
  const [{ modelFolders }, { emptyLock, lockName, maxLockBytes, parseModelsLock }] =
    await Promise.all([
      import('../../engine/models/model-files.ts'),
      import('../../engine/models/models-lock.ts'),
    ]);
  const source = await readBaseFile(base, lockName, maxLockBytes);
  return { folders: modelFolders(), lock: source ? parseModelsLock(source) : emptyLock };
};

const readRegistry = async (base: BaseTree): Promise<Registry> => {
  const { emptyRegistry, maxRegistryBytes, parseRegistry } = await import(
    '../../engine/models/registry.ts'
  );
  const source = await readBaseFile(base, registryName, maxRegistryBytes);
  return source ? parseRegistry(source) : emptyRegistry;
};
