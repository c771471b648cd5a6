// SPDX-License-Identifier: GPL-3.0-only
import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { configMistake } from '../../config/config-mistake.ts';
import { noHome, userFolder } from '../../config/user-folder.ts';
import { installationFolder } from '../../data/installation.ts';
import { makeOnce } from '../../data/make-once.ts';
import type { UserError } from '../../data/user-error.ts';
import type { Check } from '../contract/engine.ts';
import { findModelPath } from './find-model.ts';
import { hashTree, type ModelTree, modelTree, totalDigest } from './model-digest.ts';
import { differenceFrom } from './model-pin.ts';
import {
  emptyLock,
  lockName,
  type ModelFile,
  type ModelPin,
  type ModelsLock,
  pinOf,
} from './models-lock.ts';
import { type Registry, registeredDigest } from './registry.ts';
import { registryName } from './registry-names.ts';

/** Where models are on this machine, and what the repository pins. */
export type ModelStore = {
  /** Looked through in order for a name that is not an absolute path. */
  readonly folders: readonly string[];
  readonly lock: ModelsLock;
  /** Versions of adapters, where the repository has promoted any. */
  readonly registry?: Registry;
};

/** Who asks for a model: an `EngineHost` is one. */
export type ModelAsk = {
  /** For messages: `profiles.gpu.default`. */
  readonly setting: string;
  /** Default: the folders of this machine, nothing pinned. */
  readonly models?: ModelStore;
  /** A socket that stands for where the profile says that a server listens. */
  readonly relay?: string;
};

/** What its first bytes or its files show it to be. */
export type ModelForm = 'gguf' | 'openvino' | 'hugging-face' | 'peft-adapter';

export type ResolvedModel = {
  /** As in pantheon.yaml. */
  readonly name: string;
  /** Absolute path of the GGUF (of its first part), or of the folder. */
  readonly path: string;
  readonly form: ModelForm;
  /** See `totalDigest`. */
  readonly digest: string;
  readonly bytes: number;
  readonly files: readonly ModelFile[];
  /** The pin that it was held to; `undefined` where models.lock names none. */
  readonly pin: ModelPin | undefined;
  /** Who else has its digest: the registry, or what is installed. */
  readonly heldBy?: string | undefined;
};

/** `$PANTHEON_MODELS`, by default `pantheon/models` in the XDG data folder. @throws UserError where there is none. */
export const modelsFolder = (environment: NodeJS.ProcessEnv = process.env): string => {
  const folder = ownFolder(environment);
  if (folder === undefined) throw noHome('PANTHEON_MODELS to a folder for models');
  return folder;
};

const ownFolder = (environment: NodeJS.ProcessEnv): string | undefined => {
  const data = userFolder('DATA', environment);
  return environment.PANTHEON_MODELS || (data && join(data, 'pantheon', 'models'));
};

/** The user's models folder, then what ships with Pantheon. */
export const modelFolders = (environment: NodeJS.ProcessEnv = process.env): readonly string[] => [
  ...[ownFolder(environment) ?? []].flat(),
  join(installationFolder, 'models'),
];

/**
 * Finds the weights (or the adapter) that a name in pantheon.yaml stands for, reads all their bytes
 * for the digest, and compares them with models.lock.
 * @throws UserError naming the setting, when they are missing, are not a model or are not what is pinned.
 */
export const resolveModel = async (
  name: string,
  ask: ModelAsk,
  key: 'model' | 'adapter' = 'model',
): Promise<ResolvedModel> => {
  const { folders, lock, registry } = storeOf(ask);
  const setting = `${ask.setting}.${key}`;
  const modelPath = await findModelPath(name, folders, setting, lock);
  const tree = await modelTree(modelPath);
  const { form, path } = await formOf(modelPath, tree, setting);
  const files = await digestsOf(modelPath, tree);
  const pin = pinOf(lock, name);
  if (pin) checkPin(pin, files, { name, path, setting });
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const digest = totalDigest(files);
  const isRegistered = key === 'adapter' && registry && registeredDigest(registry, name) === digest;
  const heldBy = isRegistered ? `${registryName} has` : isShipped(path) ? shipped : undefined;
  return { name, path, form, digest, bytes, files, pin, heldBy };
};

const shipped = 'ships with Pantheon';

/** Whether a path is one of a model that ships with this installation. */
export const isShipped = (path: string): boolean =>
  path.startsWith(join(installationFolder, 'models', sep));

/** Where to look for models, whoever asks. */
export const storeOf = ({ models }: ModelAsk): ModelStore =>
  models ?? { folders: modelFolders(), lock: emptyLock };

/**
 * The GGUF of an adapter: itself, or the one beside a PEFT adapter's weights, with the digest of the folder.
 * @throws UserError naming the setting where there is none.
 */
export const ggufAdapter = async (
  adapter: ResolvedModel,
  { setting }: ModelAsk,
): Promise<ResolvedModel> => {
  if (adapter.form === 'gguf') return adapter;
  const [name, ...others] = ggufModels(adapter.files.map(({ path }) => path));
  if (adapter.form !== 'peft-adapter' || name === undefined || others.length > 0) {
    const why =
      adapter.form === 'peft-adapter'
        ? 'has not one GGUF file beside its weights; "pantheon train" writes one, and so does llama.cpp\'s convert_lora_to_gguf.py'
        : 'is not a LoRA adapter; give a GGUF, or the folder that "pantheon train" made';
    throw wrong(`${adapter.path} ${why}`, `${setting}.adapter`);
  }
  return { ...adapter, ...(await gguf(join(adapter.path, name), `${setting}.adapter`)) };
};

const wrong = (message: string, setting: string): UserError =>
  configMistake(`${setting}: ${message}`);

type Formed = { readonly form: ModelForm; readonly path: string };

const formOf = async (path: string, tree: ModelTree, setting: string): Promise<Formed> => {
  if ((await stat(path)).isFile()) return gguf(path, setting);
  const has = (name: string) => tree.paths.includes(name);
  if (has('openvino_model.xml') || has('openvino_language_model.xml')) {
    return { form: 'openvino', path };
  }
  if (has('adapter_config.json')) return { form: 'peft-adapter', path };
  // Hubs put a config.json beside GGUF files too.
  const [model, ...others] = ggufModels(tree.paths);
  if (model !== undefined && others.length === 0) return gguf(join(path, model), setting);
  if (has('config.json')) return { form: 'hugging-face', path };
  const lacking =
    'neither openvino_model.xml nor config.json nor adapter_config.json nor a GGUF file';
  throw wrong(
    model === undefined
      ? `${path} does not contain a model: ${lacking} is directly in it`
      : `${path} contains several GGUF models; name one of them: ${[model, ...others].join(', ')}`,
    setting,
  );
};

/** One name for each GGUF model directly in a folder: the first part of those in parts. */
const ggufModels = (paths: readonly string[]): readonly string[] =>
  paths.filter(
    (path) =>
      /^[^/]*\.gguf$/i.test(path) &&
      (!/-\d{5}-of-\d{5}\.gguf$/.test(path) || /-00001-of-\d{5}\.gguf$/.test(path)),
  );

const gguf = async (path: string, setting: string): Promise<Formed> => {
  const head = await firstBytes(path, 24);
  if (head.toString('latin1', 0, 4) !== 'GGUF') {
    throw wrong(`${path} is not a GGUF file; give a GGUF, or the folder of a model`, setting);
  }
  const { size } = await stat(path);
  if (head.length === 24 && leastSize(head) > size) {
    throw wrong(`${path} is cut short or damaged; give a whole GGUF file`, setting);
  }
  return { form: 'gguf', path };
};

/**
 * What a head announces takes at least so many bytes: counts of tensors and of keys, each with a name and
 * a type (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Readers believe the counts.
 */
const leastSize = (head: Buffer): number =>
  Number(head.readBigUInt64LE(8)) * 24 + Number(head.readBigUInt64LE(16)) * 13;

const firstBytes = async (path: string, length: number): Promise<Buffer> => {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

/** Several agents on the same weights read them once; a file that was touched since is read again. */
const hashed = new Map<string, Promise<readonly ModelFile[]>>();

const digestsOf = async (path: string, tree: ModelTree): Promise<readonly ModelFile[]> => {
  const stamps = await Promise.all(
    tree.paths.map(async (file) => {
      const stats = await stat(join(tree.root, file), { bigint: true });
      return `${file}\0${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
    }),
  );
  const id = [await realpath(path), ...stamps].join('\n');
  const made = makeOnce(hashed, id, () => hashTree(tree));
  // A failure says nothing about the next time.
  made.catch(() => hashed.delete(id));
  return made;
};

const checkPin = (
  pin: ModelPin,
  files: readonly ModelFile[],
  {
    name,
    path,
    setting,
  }: { readonly name: string; readonly path: string; readonly setting: string },
): void => {
  const difference = differenceFrom(pin, files);
  if (difference === undefined) return;
  throw wrong(
    `"${name}" at ${path} is not what ${lockName} pins: ${difference}; fetch it again with "pantheon models pull", or pin what is there and commit ${lockName}`,
    setting,
  );
};

/** What a probe tells of weights from a file or folder; one that nothing pins is allowed and told. */
export const modelCheck = ({ name, path, digest, pin, heldBy }: ResolvedModel): Check => {
  const what = `${name}: ${path}`;
  if (pin) return pinned(what, digest);
  return heldBy === undefined ? unpinned(name, digest) : ok(`${what} is what ${heldBy}`, digest);
};

/**
 * Compares the model of a server with models.lock, by the digest that the server tells.
 * @throws UserError when another is pinned, or the server tells none and one is pinned.
 */
export const checkServedModel = (
  name: string,
  digest: string | undefined,
  { setting, models }: ModelAsk,
): Check => {
  const pin = models && pinOf(models.lock, name);
  if (!pin) {
    const fix = `pin it: write the digest under this name into ${lockName}, and commit that`;
    return { ...unpinned(name, digest), ...(digest !== undefined && { fix }) };
  }
  if (digest === pin.digest) return pinned(name, digest);
  const actual = digest === undefined ? 'the server tells no digest' : `the server has ${digest}`;
  throw wrong(
    `"${name}" is not what ${lockName} pins: expected sha256 ${pin.digest}, ${actual}; serve the pinned one, or correct ${lockName} and commit it`,
    `${setting}.model`,
  );
};

const pinned = (what: string, digest: string): Check =>
  ok(`${what} is what ${lockName} pins`, digest);

const ok = (what: string, digest: string): Check => ({
  name: 'model',
  state: 'ok',
  detail: `${what} (sha256 ${digest})`,
});

const unpinned = (name: string, digest: string | undefined): Check => ({
  name: 'model',
  state: 'warn',
  detail: `"${name}" is not pinned in ${lockName}${digest === undefined ? '' : `; its sha256 is ${digest}`}`,
  fix: `pin it by day with "pantheon models pull" and commit ${lockName}`,
});
