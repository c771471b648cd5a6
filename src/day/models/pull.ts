// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { totalDigest } from '../../engine/models/model-digest.ts';
import {
  filePathSchema,
  lockName,
  type ModelFile,
  type ModelPin,
  pinOf,
} from '../../engine/models/models-lock.ts';
import { acquireLock } from '../../trace/lock.ts';
import { copyFile, type Downloaded, downloadFile, hashOf, noRoom, removePart } from './download.ts';
import { type FetchPlan, planFromHub, type WantedFile } from './hub.ts';
import { planFromFolder } from './local.ts';
import { readLockFile, writePin } from './lock-file.ts';
import { type ModelSource, readModelSource, sourceText } from './source.ts';
import {
  freeBytes,
  modelsPlaces,
  placeModel,
  placeOf,
  recoverModels,
  refuseStrangers,
  storeName,
} from './store.ts';
import type { Web } from './web.ts';

export type PullOptions = {
  readonly name: string;
  /** Default: where models.lock says it came from, held to the digests there. */
  readonly from?: string | undefined;
  /** What models.lock says of it, where that is not `from`. */
  readonly source?: string | undefined;
  /** Of a hub's repository; default: all. */
  readonly files?: readonly string[] | undefined;
  /** Of the one file of an address, where the person knows it. */
  readonly sha256?: string | undefined;
  readonly modelsFolder: string;
  /** The folder of models.lock. */
  readonly checkout: string;
  /** The hub's address. */
  readonly hub: string;
  readonly web: Web;
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: OnBytes;
  readonly pauseMs?: number;
};

/** Told while it goes on: `done` bytes of `total` of a file are here; throws when it must stop. */
export type OnBytes = (file: string, done: number, total: number | undefined) => void;

export type Pulled = {
  readonly name: string;
  readonly source: string;
  readonly revision?: string;
  readonly files: readonly Partial<ModelFile>[];
  /** Bytes that were fetched, or in a dry run those that would be as far as that is known. */
  readonly fetched: number;
  /** Not in a dry run, which has not seen the bytes. */
  readonly digest?: string;
  readonly path?: string;
};

/**
 * Fetches a model into the models folder, gives it its name there and pins it in models.lock.
 * @throws UserError when it cannot be had, or is not what is pinned or was promised.
 */
export const pullModel = async (options: PullOptions): Promise<Pulled> => {
  const name = storeName(options.name);
  const places = modelsPlaces(options.modelsFolder);
  const pin = pinOf(await readLockFile(options.checkout), name);
  const expected = options.from === undefined ? pin : undefined;
  const source =
    options.from === undefined ? pinnedSource(name, pin) : readModelSource(options.from);
  const plan = await planFrom(source, options, expected);
  const origin = {
    source: options.source ?? sourceText(source),
    ...(plan.revision !== undefined && { revision: plan.revision }),
  };
  const paths = plan.files.map(({ path }) => path);
  const place = placeOf(places.root, name, paths);
  const placed = (path: string): string => (place.single ? place.path : join(place.path, path));
  const missingNow = async () => {
    const missing = await missingOf(plan.files, placed);
    return { missing, needed: missing.reduce((sum, { size = 0 }) => sum + size, 0) };
  };
  if (options.dryRun) {
    const { needed } = await missingNow();
    return { name, ...origin, files: plan.files.map(told), fetched: needed };
  }
  await mkdir(places.parts, { recursive: true });
  const release = await acquireLock(places.lock, `models pull ${name}`);
  try {
    await recoverModels(places.root);
    const pinned = pin?.files?.map(({ path }) => path) ?? [];
    await refuseStrangers(place.path, name, new Set([...pinned, ...paths]));
    const { missing, needed } = await missingNow();
    const free = await freeBytes(places.root);
    if (needed > free) throw noRoom(places.root, needed, free);
    const absent = new Set(missing);
    const files: ModelFile[] = [];
    const fileOf = new Map<string, string>();
    const parts = new Set<string>();
    let fetched = 0;
    for (const file of plan.files) {
      const here = absent.has(file)
        ? undefined
        : await intact(file, placed(file.path), options.signal);
      const { file: at, ...got } = here ?? (await fetchOne(file, source, options));
      fileOf.set(file.path, at);
      files.push({ path: file.path, ...got });
      if (here) continue;
      parts.add(at);
      fetched += got.size;
    }
    const digest = totalDigest(files);
    if (expected && expected.digest !== digest) {
      throw new UserError(
        `"${name}" is not what ${lockName} pins: expected sha256 ${expected.digest}, found ${digest}; give --from to pin another`,
      );
    }
    await placeModel(place, fileOf, parts);
    for (const part of parts) await removePart(part);
    await writePin(options.checkout, name, { ...origin, digest, files });
    return { name, ...origin, files, fetched, digest, path: place.path };
  } finally {
    release();
  }
};

const told = ({ path, size, sha256 }: WantedFile): Partial<ModelFile> => ({
  path,
  ...(size !== undefined && { size }),
  ...(sha256 !== undefined && { sha256 }),
});

const pinnedSource = (name: string, pin: ModelPin | undefined): ModelSource => {
  if (pin?.source === undefined || pin.source === 'local') {
    const why = pin ? `does not say where "${name}" comes from` : `does not pin "${name}"`;
    throw new UserError(
      `${lockName} ${why}; give --from hub:OWNER/REPO, an https address or a folder`,
    );
  }
  const source = readModelSource(pin.source);
  if (source.kind !== 'hub' || pin.revision === undefined) return source;
  return { ...source, revision: pin.revision };
};

const planFrom = async (
  source: ModelSource,
  options: PullOptions,
  expected: ModelPin | undefined,
): Promise<FetchPlan> => {
  const { hub: endpoint, web, signal, files = [], sha256 } = options;
  if (source.kind !== 'hub' && files.length > 0) {
    throw new UserError('--file: only a repository of a hub has files to choose from');
  }
  if (source.kind !== 'url' && sha256 !== undefined) {
    throw new UserError('--sha256: is for an https address only; a hub tells its digests itself');
  }
  if (source.kind === 'local') return planFromFolder(source.path);
  if (source.kind === 'url') return holdTo(planFromUrl(source.url, sha256), expected);
  const asked = expected?.files?.map(({ path }) => path) ?? files;
  return holdTo(await planFromHub(source, { endpoint, web, signal }, asked), expected);
};

const planFromUrl = (url: string, sha256: string | undefined): FetchPlan => {
  const path = lastName(url);
  if (!filePathSchema.safeParse(path).success) {
    throw new UserError(`--from: ${printable(url)} does not end in the name of a file`);
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new UserError('--sha256: write 64 lower-case hexadecimal digits');
  }
  return { files: [{ path, url, sha256 }] };
};

/** Nothing where it is not text. */
const lastName = (url: string): string => {
  try {
    return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  } catch {
    return '';
  }
};

/** What was pinned is asked for, whatever the source promises now. */
const holdTo = (plan: FetchPlan, expected: ModelPin | undefined): FetchPlan => {
  if (!expected?.files) return plan;
  const pinned = new Map(expected.files.map((file) => [file.path, file]));
  const files = plan.files.map((file) => {
    const pin = pinned.get(file.path);
    if (!pin) return file;
    const { sha256 = pin.sha256, size = pin.size } = file;
    if (sha256 === pin.sha256 && size === pin.size) return { ...file, sha256, size };
    throw new UserError(
      `${file.path}: ${lockName} pins ${pin.size} bytes with sha256 ${pin.sha256}, the source now has ${size} with ${sha256}; give --from to pin that instead`,
    );
  });
  return { ...plan, files };
};

type Placed = (path: string) => string;

/** What is not here in its place, as far as sizes tell. */
const missingOf = async (
  files: readonly WantedFile[],
  placed: Placed,
): Promise<readonly WantedFile[]> => {
  const sizes = await Promise.all(
    files.map(({ path }) =>
      stat(placed(path)).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  return files.filter(
    ({ sha256, size }, at) =>
      sha256 === undefined || sizes[at] === undefined || sizes[at] !== (size ?? sizes[at]),
  );
};

/** A file in its place that still is what it should be: a disk or a hand may have changed it. */
const intact = async (
  { sha256 }: WantedFile,
  file: string,
  signal: AbortSignal,
): Promise<Downloaded | undefined> => {
  const there = await hashOf(file, signal);
  return there.sha256 === sha256 ? there : undefined;
};

const fetchOne = async (
  file: WantedFile,
  source: ModelSource,
  { modelsFolder, web, signal, onBytes, pauseMs }: PullOptions,
): Promise<Downloaded> => {
  const { root, parts: folder } = modelsPlaces(modelsFolder);
  const tell = (done: number, total = file.size) => onBytes(file.path, done, total);
  if (source.kind === 'local') return copyFile(file.url, { folder, signal, onBytes: tell });
  const maxBytes = await freeBytes(root);
  const pause = pauseMs !== undefined && { pauseMs };
  return downloadFile(file, { folder, web, signal, onBytes: tell, maxBytes, ...pause });
};
