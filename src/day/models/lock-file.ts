// SPDX-License-Identifier: GPL-3.0-only
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSource } from '../../data/read-source.ts';
import {
  emptyLock,
  lockName,
  type ModelPin,
  type ModelsLock,
  maxLockBytes,
  parseModelsLock,
  plainModelName,
  renderModelsLock,
  withPin,
} from '../../engine/models/models-lock.ts';

/** `models.lock` as it is in a checkout, committed or not; nothing pinned where there is none. */
export const readLockFile = async (folder: string): Promise<ModelsLock> => {
  const path = join(folder, lockName);
  return existsSync(path) ? parseModelsLock(await readSource(path, path, maxLockBytes)) : emptyLock;
};

/** Sets one pin in the checkout's `models.lock`, replacing the file at once. */
export const writePin = async (folder: string, name: string, pin: ModelPin): Promise<void> => {
  const lock = await readLockFile(folder);
  const key =
    Object.keys(lock.models).find((pinnedName) => plainModelName(pinnedName) === name) ?? name;
  const draft = join(folder, `.${lockName}.${randomBytes(6).toString('hex')}`);
  await writeFile(draft, renderModelsLock(withPin(lock, key, pin)), { flag: 'wx' });
  await rename(draft, join(folder, lockName));
};
