// SPDX-License-Identifier: GPL-3.0-only
import { mistakesError } from '../data/file-mistakes.ts';
import { didYouMean } from '../data/nearest.ts';
import { parsePlaced, type Source } from '../data/read-document.ts';
import { type Place, UserError } from '../data/user-error.ts';
import { configName } from './config-mistake.ts';
import { type Config, configSchema } from './schema.ts';

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

/** The message about a profile that does not exist. */
export const unknownProfile = ({ profiles }: Config, name: string): string => {
  const names = Object.keys(profiles);
  return `unknown profile "${name}"${didYouMean(name, names)}. The profiles are: ${names.join(', ') || 'none'}`;
};

/** The profile of that name, by default the configured one. @throws UserError naming those there are. */
export const selectProfile = (
  config: Config,
  name: string = config.profile,
  place: Place = { file: configName },
): Config['profiles'][string] => {
  const profile = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (!profile) throw new UserError(unknownProfile(config, name), { place });
  return profile;
};
