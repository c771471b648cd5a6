// SPDX-License-Identifier: GPL-3.0-only
import { mistakesError } from '../data/file-mistakes.ts';
import { parsePlaced } from '../data/read-document.ts';
import type { Source } from '../data/read-source.ts';
import { type Config, configSchema } from './schema.ts';
import { unknownProfile } from './select-profile.ts';

/**
 * Parses `pantheon.yaml`; without one, every default.
 * @throws UserError with file, line and column of every mistake.
 */
export const loadConfig = (source: Source | undefined): Config => {
  if (!source) return configSchema.parse({});
  const { data, placeOf } = parsePlaced(source, configSchema);
  if (!Object.hasOwn(data.profiles, data.profile)) {
    throw mistakesError(
      [{ path: ['profile'], message: unknownProfile(data, data.profile) }],
      placeOf,
    );
  }
  return data;
};
