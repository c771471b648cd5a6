// SPDX-License-Identifier: GPL-3.0-only
import type { Config, Runtime } from '../../config/schema.ts';

type BoundRuntime = { readonly [Key in keyof Runtime]?: Runtime[Key] | undefined };

/** Where a runtime stands in pantheon.yaml, and its keys. */
export type Binding = readonly [setting: string, runtime: BoundRuntime];

/** Each binding of a profile with its engine, and where it stands for messages. */
export const bindingsOf = (
  { profiles }: Pick<Config, 'profiles'>,
  profile: string,
): readonly Binding[] => {
  const bound = Object.entries(profiles[profile] ?? {}).flatMap(([key, one]): readonly Binding[] =>
    Array.isArray(one)
      ? one.map((each, index): Binding => [`profiles.${profile}.${key}[${index}]`, each])
      : [[`profiles.${profile}.${key}`, one as BoundRuntime]],
  );
  const usual = bound.find(([setting]) => setting === `profiles.${profile}.default`)?.[1];
  return bound.map(([setting, one]) => [setting, { ...one, engine: one.engine ?? usual?.engine }]);
};
