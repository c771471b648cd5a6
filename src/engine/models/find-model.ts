// SPDX-License-Identifier: GPL-3.0-only
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { configMistake } from '../../config/config-mistake.ts';
import type { UserError } from '../../data/user-error.ts';
import {
  emptyLock,
  filePathSchema,
  type ModelsLock,
  plainModelName,
  pullCommand,
} from './models-lock.ts';

/** @throws UserError when there is nothing of that name. */
export const findModelPath = async (
  name: string,
  folders: readonly string[],
  setting: string,
  lock: ModelsLock = emptyLock,
): Promise<string> => {
  const path = await lookForModel(name, folders, setting);
  if (path !== undefined) return path;
  const fix = isAbsolute(name)
    ? 'correct the path'
    : `fetch it by day with "${pullCommand(lock, name)}", or put it there`;
  const places = isAbsolute(name)
    ? [name]
    : folders.map((folder) => join(folder, plainModelName(name)));
  throw wrong(`there is no model ${places.join(' nor ')}; ${fix}`, setting);
};

/** Where a model or an adapter of that name is; `undefined` where there is none. @throws UserError when the name is none of a model. */
export const lookForModel = async (
  name: string,
  folders: readonly string[],
  setting: string,
): Promise<string | undefined> => {
  const plain = plainModelName(name);
  if (!isAbsolute(name) && !filePathSchema.safeParse(plain).success) {
    throw wrong(
      `"${name}" is not the name of a model: give an absolute path, or one below the models folder without ".."`,
      setting,
    );
  }
  const candidates = isAbsolute(name)
    ? [name]
    : folders.flatMap((folder) => [join(folder, plain), join(folder, `${plain}.gguf`)]);
  for (const path of candidates) {
    const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
      throw wrong(`${path} cannot be read (${cause.code}); check its permissions`, setting, cause);
    });
    if (stats) return path;
  }
  return undefined;
};

const wrong = (message: string, setting: string, cause?: unknown): UserError =>
  configMistake(`${setting}: ${message}`, cause);
