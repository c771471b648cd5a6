// SPDX-License-Identifier: GPL-3.0-only
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  rename,
  rm,
  stat,
  statfs,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { filePathSchema, plainModelName } from '../../engine/models/models-lock.ts';

/** The layout of a models folder: models under their names, and what is being fetched hidden. */
export const modelsPlaces = (root: string) => ({
  root,
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
  if (filePathSchema.safeParse(plain).success) return plain;
  throw new UserError(
    `"${name}" cannot be a model's name; use names joined by "/", none of them hidden`,
  );
};

const isGguf = (path: string): boolean => /\.gguf$/i.test(path);

/** Where a model of these files lies. A single GGUF keeps its ending, since engines look at it. */
export const placeOf = (
  root: string,
  name: string,
  paths: readonly string[],
): { readonly path: string; readonly single: boolean } => {
  const single = paths.length === 1 && isGguf(paths[0] ?? '');
  return { path: join(root, single && !isGguf(name) ? `${name}.gguf` : name), single };
};

/**
 * Whoever gives a folder to a model takes it from what is in it.
 * @throws UserError when that is more than `files`, paths in it: other models, or what somebody put there.
 */
export const refuseStrangers = async (
  folder: string,
  name: string,
  files: ReadonlySet<string>,
): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    },
  );
  const stranger = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .find((path) => !files.has(path));
  if (stranger === undefined) return;
  throw new UserError(
    `holds "${printable(stranger)}", which is not part of the model "${name}" and would be deleted; choose another name, or move it away`,
    { place: { file: folder } },
  );
};

/**
 * Clears up after pulls that were killed: a model that had stepped aside gets its name back where no
 * other has taken it. Only for who has the lock: it takes whatever another pull is making.
 */
export const recoverModels = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = /^\.old-[0-9a-f]{12}-(.+)$/s.exec(entry.name)?.[1];
    if (name !== undefined && (await isFree(join(folder, name)))) {
      await rename(path, join(folder, name));
    } else if (name !== undefined || /^\.new-[0-9a-f]{12}$/.test(entry.name)) {
      await rm(path, { recursive: true, force: true });
    } else if (entry.isDirectory() && !entry.name.startsWith('.')) await recoverModels(path);
  }
};

const isFree = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => false,
    () => true,
  );

/**
 * Gives a model its name, at once: whoever looks finds the old model or the new one, and no half.
 * `files` says where each file lies, by its path in the model: parts are moved, and those of the old
 * model stay in it as well until then.
 */
export const placeModel = async (
  { path, single }: ReturnType<typeof placeOf>,
  files: ReadonlyMap<string, string>,
  parts: ReadonlySet<string>,
): Promise<void> => {
  const fresh = join(dirname(path), `.new-${randomBytes(6).toString('hex')}`);
  await mkdir(dirname(path), { recursive: true }).catch((cause) => {
    throw new UserError('a part of this name is a model already; choose another name', {
      place: { file: path },
      cause,
    });
  });
  try {
    for (const [name, file] of files) {
      const place = single ? fresh : join(fresh, name);
      await mkdir(dirname(place), { recursive: true });
      // Read-only: a change by accident would cost it its pin.
      await chmod(file, 0o444);
      if (parts.has(file)) await rename(file, place);
      // Not every file system has links.
      else await link(file, place).catch(() => copyFile(file, place, constants.COPYFILE_FICLONE));
    }
    await swap(fresh, path);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
};

/** A rename replaces a file; a folder has to step aside first. */
const swap = async (fresh: string, path: string): Promise<void> => {
  const old = await stat(path).catch(() => undefined);
  if (!old?.isDirectory() && !(await stat(fresh)).isDirectory()) return rename(fresh, path);
  const aside = join(dirname(path), `.old-${randomBytes(6).toString('hex')}-${basename(path)}`);
  if (old) await rename(path, aside);
  await rename(fresh, path);
  await rm(aside, { recursive: true, force: true });
};
