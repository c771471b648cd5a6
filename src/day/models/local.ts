// SPDX-License-Identifier: GPL-3.0-only
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../data/user-error.ts';
import { modelTree } from '../../engine/models/model-digest.ts';
import type { Downloaded } from './download.ts';
import type { FetchPlan, WantedFile } from './hub.ts';

/** The files of a model on this machine. @throws UserError when there is none. */
export const planFromFolder = async (path: string): Promise<FetchPlan> => {
  const tree = await modelTree(resolve(path)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === undefined) throw cause;
    throw new UserError(`--from: ${path} cannot be read (${cause.code}); check the path`, {
      cause,
    });
  });
  const files = await Promise.all(
    tree.paths.map(async (name) => {
      const file = join(tree.root, name);
      return { path: name, url: file, size: (await stat(file)).size };
    }),
  );
  if (files.length === 0) throw new UserError(`--from: ${path} has no files`);
  return { files };
};

/** Copies a file into the folder of parts and takes its digest on the way. */
export const copyLocal = async (
  wanted: WantedFile,
  folder: string,
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<Downloaded> => {
  const file = join(folder, `copy-${randomBytes(6).toString('hex')}`);
  const hash = createHash('sha256');
  let size = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
      onBytes(size);
      yield chunk;
    }
  };
  try {
    const to = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(createReadStream(wanted.url), counted, to, { signal });
  } catch (error) {
    await rm(file, { force: true });
    throw signal.aborted ? signal.reason : error;
  }
  return { file, size, sha256: hash.digest('hex') };
};
