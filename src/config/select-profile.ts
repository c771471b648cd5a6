// SPDX-License-Identifier: GPL-3.0-only
import { didYouMean } from '../data/nearest.ts';
import { type Place, UserError } from '../data/user-error.ts';
import { configName } from './config-mistake.ts';
import type { Config } from './schema.ts';

const shippedProfile = 'embedded';

/** The message about a profile that does not exist. */
export const unknownProfile = ({ profiles }: Config, name: string): string => {
  const names = Object.keys(profiles);
  const gone =
    name === shippedProfile ? '. Those in pantheon.yaml take the place of the one that ships' : '';
  return `unknown profile "${name}"${didYouMean(name, names)}. The profiles are: ${names.join(', ') || 'none'}${gone}`;
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
