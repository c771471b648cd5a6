// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { modelTree } from '../../engine/models/model-digest.ts';
import type { FetchPlan } from './hub.ts';

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
