// SPDX-License-Identifier: GPL-3.0-only
import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Config, Runtime } from '../../config/schema.ts';
import { UserError } from '../../data/user-error.ts';
import { findModelPath } from '../../engine/models/find-model.ts';
import { hashTree, modelTree, totalDigest } from '../../engine/models/model-digest.ts';
import { differenceFrom } from '../../engine/models/model-pin.ts';
import {
  type ModelsLock,
  pinOf,
  plainModelName,
  pullCommand,
} from '../../engine/models/models-lock.ts';

/** A model that is here, is pinned, or is asked for by a profile. */
export type ListedModel = {
  readonly name: string;
  /** `undefined` where it is not on this machine, or a server has it. */
  readonly path?: string;
  readonly bytes?: number;
  /** As pinned. */
  readonly digest?: string;
  readonly pinned: boolean;
  /** It is named for servers alone: files here have nothing to do with it. */
  readonly served: boolean;
  /** Bindings of pantheon.yaml: `gpu.default (vllm)`. */
  readonly usedBy: readonly string[];
};

export type InventoryOptions = {
  readonly modelsFolder: string;
  /** Where names are looked for; see `modelFolders`. */
  readonly folders: readonly string[];
  readonly lock: ModelsLock;
  readonly config: Config;
};

/** Every model there is to know of, by name; no weights are read. */
export const takeInventory = async (options: InventoryOptions): Promise<readonly ListedModel[]> => {
  const { modelsFolder, folders, lock, config } = options;
  const users = usersOf(config);
  const named = [...Object.keys(lock.models).map(plainModelName), ...users.keys()];
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
    models.push({
      name,
      ...(path !== undefined && { path }),
      ...(bytes !== undefined && { bytes }),
      ...(pin && { digest: pin.digest }),
      pinned: pin !== undefined,
      served: isServed(name) ?? false,
      usedBy: (users.get(name) ?? []).map(({ place, engine }) => `${place} (${engine})`),
    });
  }
  return models;
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
  readonly state: 'ok' | 'differs' | 'missing' | 'not pinned' | 'served';
  readonly detail: string;
  readonly digest?: string;
};

/** Reads every byte of one model again. */
export const verifyModel = async (
  name: string,
  { folders, lock }: Pick<InventoryOptions, 'folders' | 'lock'>,
  signal: AbortSignal,
): Promise<Verified> => {
  const pin = pinOf(lock, name);
  let path: string;
  try {
    path = await findModelPath(name, folders, name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (pin && !pin.files && !isAbsolute(name)) {
      return { name, state: 'served', detail: 'a server has it; a night asks it for the digest' };
    }
    return { name, state: 'missing', detail: `is not here; run: ${pullCommand(lock, name)}` };
  }
  const files = await hashTree(await modelTree(path), signal);
  const digest = totalDigest(files);
  if (!pin) return { name, state: 'not pinned', detail: path, digest };
  const difference = differenceFrom(pin, files);
  if (difference === undefined) return { name, state: 'ok', detail: path, digest };
  return { name, state: 'differs', detail: `${path}: ${difference}`, digest };
};
