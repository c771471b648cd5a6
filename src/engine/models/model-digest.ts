// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sha256 } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { filePathSchema, type ModelFile } from './models-lock.ts';

/** What a model folder may contain; beyond it something else is there. */
const maxFiles = 10_000;
const maxDepth = 8;

/** A model's files with their paths below `root`. */
export type ModelTree = { readonly root: string; readonly paths: readonly string[] };

/**
 * The files that make a model at `path`: the file, all parts of a GGUF in parts
 * (`x-00001-of-00003.gguf`), or everything in a folder but hidden names.
 * @throws UserError for what cannot be a model's file.
 */
export const modelTree = async (path: string): Promise<ModelTree> => {
  const stats = await stat(path);
  if (stats.isDirectory()) return { root: path, paths: (await walk(path, '', 0)).sort() };
  if (!stats.isFile()) throw notAFile(path);
  const name = basename(path);
  const [, stem, of] = /^(.*)-\d{5}-of-(\d{5})\.gguf$/.exec(name) ?? [];
  if (stem === undefined || of === undefined) return { root: dirname(path), paths: [name] };
  const numbers = Array.from({ length: Number(of) }, (_, index) => index + 1);
  if (numbers.length === 0 || numbers.length > maxFiles) throw tooMany(path);
  const parts = numbers.map((number) => `${stem}-${String(number).padStart(5, '0')}-of-${of}.gguf`);
  for (const part of parts) {
    if (!(await isFile(join(dirname(path), part)))) {
      throw new UserError(`the part ${part} of this model is missing; put it beside the others`, {
        place: { file: path },
      });
    }
  }
  return { root: dirname(path), paths: parts };
};

const walk = async (root: string, below: string, depth: number): Promise<string[]> => {
  if (depth > maxDepth) {
    throw new UserError(`nests folders more than ${maxDepth} deep; this is not a model`, {
      place: { file: join(root, below) },
    });
  }
  const paths: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await walk(root, path, depth + 1)));
    // Links to files are how content-addressed folders are made; one to a folder could go in circles.
    else if (!filePathSchema.safeParse(path).success || !(await isFile(join(root, path)))) {
      throw notAFile(join(root, path));
    } else paths.push(path);
    if (paths.length > maxFiles) throw tooMany(root);
  }
  return paths;
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );

const notAFile = (file: string): UserError =>
  new UserError('is not a plain file, nor a link to one; take it out of the model', {
    place: { file },
  });

const tooMany = (file: string): UserError =>
  new UserError(`has more than ${maxFiles} files; this is not a model`, { place: { file } });

/** Size and sha256 of each file, read as streams, one after the other. @throws the signal's reason. */
export const hashTree = async (
  { root, paths }: ModelTree,
  signal?: AbortSignal,
): Promise<readonly ModelFile[]> => {
  const files: ModelFile[] = [];
  for (const path of paths) files.push({ path, ...(await hashFile(join(root, path), signal)) });
  return files;
};

const hashFile = async (
  path: string,
  signal: AbortSignal | undefined,
): Promise<Omit<ModelFile, 'path'>> => {
  const hash = createHash('sha256');
  let size = 0;
  const bytes = createReadStream(path, { highWaterMark: 1024 * 1024 });
  bytes.on('data', (chunk) => {
    size += chunk.length;
  });
  await pipeline(bytes, hash, { ...(signal && { signal }) });
  return { size, sha256: hash.digest('hex') };
};

/**
 * What a model is known by: the sha256 of its one file, else the sha256 over the lines that
 * sha256sum(1) prints of its files in the order of their paths (`LC_ALL=C sort`).
 */
export const totalDigest = (files: readonly ModelFile[]): string => {
  const [only] = files;
  if (only && files.length === 1) return only.sha256;
  const lines = [...files]
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    .map((file) => `${file.sha256}  ${file.path}\n`);
  return sha256(lines.join(''));
};
