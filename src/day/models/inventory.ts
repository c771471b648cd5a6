// SPDX-License-Identifier: GPL-3.0-only
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Config, Runtime } from '../../config/schema.ts';
import { UserError } from '../../data/user-error.ts';
import { findModelPath } from '../../engine/models/find-model.ts';
import { hashTree, modelTree, totalDigest } from '../../engine/models/model-digest.ts';
import { isShipped } from '../../engine/models/model-files.ts';
import { differenceFrom } from '../../engine/models/model-pin.ts';
import {
  type ModelsLock,
  pinOf,
  plainModelName,
  pullCommand,
} from '../../engine/models/models-lock.ts';

import { type Registry, registeredDigest } from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { versionRoles } from '../../engine/models/version-roles.ts';

/** A model that is here, is pinned, or is asked for by a profile. */
export type ListedModel = {
  readonly name: string;
  /** `undefined` where it is not on this machine, or a server has it. */
  readonly path?: string;
  readonly bytes?: number;
  /** As pinned. */
  readonly digest?: string;
  readonly pinned: boolean;
  /** Who has its digest in the place of models.lock: the registry of trained versions, or what is installed. */
  readonly heldBy?: 'registry' | 'installation';
  /** It is named for servers alone: files here have nothing to do with it. */
  readonly served: boolean;
  /** Bindings of pantheon.yaml, `gpu.default (vllm)`, and what the registry has it for: `registry.yaml: champion`. */
  readonly usedBy: readonly string[];
};

export type InventoryOptions = {
  readonly modelsFolder: string;
  /** Where names are looked for; see `modelFolders`. */
  readonly folders: readonly string[];
  readonly lock: ModelsLock;
  readonly registry: Registry;
  readonly config: Config;
};

/** Every model there is to know of, by name; no weights are read. */
export const takeInventory = async (options: InventoryOptions): Promise<readonly ListedModel[]> => {
  const { modelsFolder, folders, lock, registry, config } = options;
  const users = usersOf(config);
  const versions = versionRoles(registry);
  const named = [
    ...Object.keys(lock.models).map(plainModelName),
    ...users.keys(),
    ...versions.keys(),
  ];
  const names = new Set([...named, ...(await namesIn(modelsFolder))]);
  const isServed = (name: string) =>
    !pinOf(lock, name)?.files && users.get(name)?.every(({ engine }) => servers.has(engine));
  const pathOf = async (name: string) =>
    isServed(name) ? undefined : findModelPath(name, folders, name).catch(() => undefined);
  const taken = new Set(await Promise.all(named.map(pathOf)));
  const models: ListedModel[] = [];
  for (const name of [...names].sort()) {
    const pin = pinOf(lock, name);
    const path = await pathOf(name);
    // The folder's own name of a file, when it is pinned or used without its ending.
    if (taken.has(path) && !named.includes(name)) continue;
    const bytes = path === undefined ? undefined : await sizeOf(path).catch(() => undefined);
    const digest = pin?.digest ?? registeredDigest(registry, name);
    const heldBy = pin ? undefined : holderOf(name, path, registry);
    models.push({
      name,
      ...(path !== undefined && { path }),
      ...(bytes !== undefined && { bytes }),
      ...(digest !== undefined && { digest }),
      pinned: pin !== undefined,
      ...(heldBy && { heldBy }),
      served: isServed(name) ?? false,
      usedBy: [
        ...(users.get(name) ?? []).map(({ place, engine }) => `${place} (${engine})`),
        ...(versions.get(name)?.roles ?? []).map((role) => `${registryName}: ${role}`),
      ],
    });
  }
  return models;
};

const holderOf = (
  name: string,
  path: string | undefined,
  registry: Registry,
): ListedModel['heldBy'] => {
  if (registeredDigest(registry, name) !== undefined) return 'registry';
  return path !== undefined && isShipped(path) ? 'installation' : undefined;
};

const sizeOf = async (path: string): Promise<number> => {
  const { root, paths } = await modelTree(path);
  const all = await Promise.all(paths.map((file) => stat(join(root, file))));
  return all.reduce((sum, { size }) => sum + size, 0);
};

type User = { readonly place: string; readonly engine: Runtime['engine'] };

const servers: ReadonlySet<Runtime['engine']> = new Set(['vllm', 'ollama', 'openai']);

/** Which bindings of all profiles name a model, by its name. */
const usersOf = ({ profiles }: Config): ReadonlyMap<string, readonly User[]> => {
  const users = new Map<string, User[]>();
  for (const [profile, bindings] of Object.entries(profiles)) {
    const base = [bindings.default].flat()[0];
    for (const [key, bound] of Object.entries(bindings)) {
      for (const [index, runtime] of [bound].flat().entries()) {
        const place = `${profile}.${key}${Array.isArray(bound) ? `[${index}]` : ''}`;
        const { engine = base?.engine ?? 'rules', model } = runtime;
        if (model === undefined) continue;
        const name = plainModelName(model);
        users.set(name, [...(users.get(name) ?? []), { place, engine }]);
      }
    }
  }
  return users;
};

/** Model files, and folders with files, below the models folder. */
const namesIn = async (root: string, below = '', depth = 0): Promise<readonly string[]> => {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(() => []);
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const names: string[] = [];
  // A folder with anything but GGUF files is one model.
  const isModel = visible.some((entry) => !entry.isDirectory() && !/\.gguf$/i.test(entry.name));
  if (below !== '' && isModel) return [below];
  for (const entry of visible) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) names.push(...(/\.gguf$/i.test(path) ? [path] : []));
    else if (depth < 4) names.push(...(await namesIn(root, path, depth + 1)));
  }
  return names;
};

export type Verified = {
  readonly name: string;
  readonly state: 'ok' | 'differs' | 'missing' | 'not pinned' | 'served' | 'shipped';
  readonly detail: string;
  readonly digest?: string;
};

/** Reads every byte of one model again. */
export const verifyModel = async (
  name: string,
  { folders, lock, registry }: Pick<InventoryOptions, 'folders' | 'lock' | 'registry'>,
  signal: AbortSignal,
): Promise<Verified> => {
  const pin = pinOf(lock, name);
  const registered = registeredDigest(registry, name);
  let path: string;
  try {
    path = await findModelPath(name, folders, name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (pin && !pin.files && !isAbsolute(name)) {
      return { name, state: 'served', detail: 'a server has it; a night asks it for the digest' };
    }
    const fix =
      pin || registered === undefined
        ? `run: ${pullCommand(lock, name)}`
        : `put the version back that ${registryName} has, or go back with "pantheon rollback"`;
    return { name, state: 'missing', detail: `is not here; ${fix}` };
  }
  const files = await hashTree(await modelTree(path), signal);
  const digest = totalDigest(files);
  if (registered !== undefined && registered !== digest) {
    const detail = `${path}: ${registryName} has sha256 ${registered}`;
    return { name, state: 'differs', detail, digest };
  }
  if (!pin) {
    const state = registered !== undefined ? 'ok' : isShipped(path) ? 'shipped' : 'not pinned';
    return { name, state, detail: path, digest };
  }
  const difference = differenceFrom(pin, files);
  if (difference === undefined) return { name, state: 'ok', detail: path, digest };
  return { name, state: 'differs', detail: `${path}: ${difference}`, digest };
};
