// SPDX-License-Identifier: GPL-3.0-only
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import type { Shown } from '../../boundary/confined/start-confined.ts';
import { UserError } from '../../data/user-error.ts';
import { keyFolder } from '../../trace/sign/key-folder.ts';

/** A night child sees this beside what it is shown. */
const system = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc'];

/** Where a path leads to, or would. */
const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : `${realOf(dirname(path))}/${path.split('/').at(-1)}`;
  }
};

const isBelow = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return !way.startsWith('..') && !isAbsolute(way);
};

/** @throws UserError where the keys that sign lie in something that a night child is shown. */
export const checkKeysHidden = (shown: readonly Shown[], keys = keyFolder()): void => {
  const folder = realOf(keys);
  const above = [...system, ...shown.map(({ source }) => source)].find((source) =>
    isBelow(folder, realOf(source)),
  );
  if (above === undefined) return;
  throw new UserError(
    `is in ${above}, which a night sees. Move it, and set PANTHEON_KEYS to where it lies`,
    { place: { file: keys } },
  );
};
