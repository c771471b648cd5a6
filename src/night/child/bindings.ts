// SPDX-License-Identifier: GPL-3.0-only
import type { Config, Runtime } from '../../config/schema.ts';

type BoundRuntime = { readonly [Key in keyof Runtime]?: Runtime[Key] | undefined };

/** Where a runtime stands in pantheon.yaml, and its keys. */
export type Binding = readonly [setting: string, runtime: BoundRuntime];

/** Each binding of a profile, and where it stands for messages. */
export const bindingsOf = (
  { profiles }: Pick<Config, 'profiles'>,
  profile: string,
): readonly Binding[] =>
  Object.entries(profiles[profile] ?? {}).flatMap(([key, bound]): readonly Binding[] =>
    Array.isArray(bound)
      ? bound.map((one, index): Binding => [`profiles.${profile}.${key}[${index}]`, one])
      : [[`profiles.${profile}.${key}`, bound as BoundRuntime]],
  );
