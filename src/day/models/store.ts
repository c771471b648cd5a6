// SPDX-License-Identifier: GPL-3.0-only
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { hashTree } from '../../engine/models/model-digest.ts';
import { filePathSchema, type ModelFile, plainModelName } from '../../engine/models/models-lock.ts';

/*
 * The models folder: `blobs/<sha256>` has each file once, and beside it are the models under their
 * names, as hard links to blobs (copies where the file system has none). A blob that only its own
 * name links to is used by no model. Hidden folders have what is being fetched.
 */

export type ModelsPlaces = {
  readonly root: string;
  readonly blobs: string;
  readonly parts: string;
  readonly lock: string;
};

/** The layout of a models folder. */
export const modelsPlaces = (root: string): ModelsPlaces => ({
  root,
  blobs: join(root, 'blobs'),
  parts: join(root, '.parts'),
  lock: join(root, '.lock'),
});

/** Room for one more file, leaving a gigabyte to the system [bytes]. */
export const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize - 1024 ** 3;
};

/** A model's name as it may be written below the models folder. @throws UserError for another. */
export const storeName = (name: string): string => {
  const plain = plainModelName(name);
  if (!filePathSchema.safeParse(plain).success || /^blobs(?:\/|$)/.test(plain)) {
    throw new UserError(
      `"${name}" cannot be a model's name; use names joined by "/", none of them hidden, and not blobs`,
    );
  }
  return plain;
};

/** Whether a blob of that size is there. */
export const hasBlob = async (places: ModelsPlaces, { sha256, size }: Omit<ModelFile, 'path'>) => {
  const stats = await stat(join(places.blobs, sha256)).catch(() => undefined);
  return stats?.isFile() === true && stats.size === size;
};

/** Whether a blob still is what its name says: a disk or a hand may have changed it. */
export const isIntact = async (
  places: ModelsPlaces,
  sha256: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const [file] = await hashTree({ root: places.blobs, paths: [sha256] }, signal);
  return file?.sha256 === sha256;
};

/** Moves a whole file, whose digest is known, among the blobs. */
export const keepBlob = async (
  places: ModelsPlaces,
  file: string,
  sha256: string,
): Promise<void> => {
  await mkdir(places.blobs, { recursive: true });
  // Read-only, since a change under one name would change every model that shares the file.
  await chmod(file, 0o444);
  await rename(file, join(places.blobs, sha256));
  await rm(`${file}.etag`, { force: true });
};

/**
 * Gives a model its name, at once: whoever looks finds the old model or the new one, and no half.
 * A single file keeps its ending, since engines look at it. Returns the path it got.
 */
export const placeModel = async (
  places: ModelsPlaces,
  name: string,
  files: readonly ModelFile[],
): Promise<string> => {
  const [only] = files;
  const single = files.length === 1 && only && /\.gguf$/i.test(only.path) ? only : undefined;
  const ending = single && !/\.gguf$/i.test(name) ? '.gguf' : '';
  const path = join(places.root, `${name}${ending}`);
  const fresh = join(dirname(path), `.new-${randomBytes(6).toString('hex')}`);
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw new UserError('a part of this name is a model already; choose another name', {
      place: { file: path },
      cause,
    });
  });
  try {
    if (single) await linkBlob(places, single.sha256, fresh);
    for (const file of single ? [] : files) {
      const place = join(fresh, file.path);
      await mkdir(dirname(place), { recursive: true });
      await linkBlob(places, file.sha256, place);
    }
    await swap(fresh, path);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return path;
};

const linkBlob = async (places: ModelsPlaces, sha256: string, to: string): Promise<void> => {
  const blob = join(places.blobs, sha256);
  await link(blob, to).catch(async (error: NodeJS.ErrnoException) => {
    if (!['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
    await copyFile(blob, to, constants.COPYFILE_FICLONE);
  });
};

/** A rename replaces a file; a folder has to step aside first. */
const swap = async (fresh: string, path: string): Promise<void> => {
  const old = await stat(path).catch(() => undefined);
  const isFolder = old?.isDirectory() ?? false;
  if (!isFolder && !(await stat(fresh)).isDirectory()) return rename(fresh, path);
  const aside = join(dirname(path), `.old-${randomBytes(6).toString('hex')}`);
  if (old) await rename(path, aside);
  await rename(fresh, path);
  await rm(aside, { recursive: true, force: true });
};

/** Digests of the files that are hard links to blobs, by device and inode: no byte is read for them. */
export const blobsByInode = async (
  places: ModelsPlaces,
): Promise<
  ReadonlyMap<string, { readonly sha256: string; readonly links: number; readonly size: number }>
> => {
  const names = await readdir(places.blobs).catch(() => []);
  const blobs = await Promise.all(
    names
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .map(async (sha256) => {
        const { dev, ino, nlink, size } = await stat(join(places.blobs, sha256));
        return [`${dev}:${ino}`, { sha256, links: nlink, size }] as const;
      }),
  );
  return new Map(blobs);
};
