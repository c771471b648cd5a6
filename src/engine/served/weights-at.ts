// SPDX-License-Identifier: GPL-3.0-only
import { isAbsolute } from 'node:path';
import { printable } from '../../data/printable.ts';
import type { Check } from '../contract/engine.ts';
import { resolveModel } from '../models/model-files.ts';
import { emptyLock } from '../models/models-lock.ts';

/** sha256 of what lies at a path that a server named, where this user can read it. */
export const digestAt = async (
  root: string | undefined,
  setting: string,
): Promise<string | undefined> => {
  if (root === undefined || !isAbsolute(root)) return undefined;
  const models = { folders: [], lock: emptyLock };
  try {
    return (await resolveModel(root, { setting, models })).digest;
  } catch {
    // Another user's folder, or one of another machine's container: its name has to do.
    return undefined;
  }
};

/** What to know where the weights of a served model are out of sight; nothing where they were read. */
export const weightsCheck = (
  model: string,
  digest: string | undefined,
  root: string | undefined,
): Check | undefined =>
  digest === undefined
    ? {
        name: 'model',
        state: 'warn',
        detail: `the weights of "${model}" cannot be read from here (${printable(root ?? 'no path told')}); its name stands for them`,
        fix: 'serve it from a folder that this user may read',
      }
    : undefined;
