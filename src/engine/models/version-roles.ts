// SPDX-License-Identifier: GPL-3.0-only
import { adapterName } from './adapter-name.ts';
import type { AgentVersions, Registry } from './registry.ts';

/** What the registry has a version for. */
export type VersionRoles = {
  /** In words: `champion`, `candidate for 20 % of the specs`, `route for links`. */
  readonly roles: readonly string[];
  /** Whether a night may ask for it: earlier champions and those that are only listed wait. */
  readonly serves: boolean;
};

/** What the registry has each version for, by its name. */
export const versionRoles = ({ agents }: Registry): ReadonlyMap<string, VersionRoles> =>
  new Map(
    Object.entries(agents).flatMap(([agent, versions]) =>
      versions.versions.map(
        ({ version }) => [adapterName({ agent, version }), rolesOf(version, versions)] as const,
      ),
    ),
  );

const rolesOf = (
  version: number,
  { champion, candidate, before = [], routes }: AgentVersions,
): VersionRoles => {
  const serving = [
    ...(version === champion ? ['champion'] : []),
    ...(version === candidate?.version ? [candidateText(candidate)] : []),
    ...(routes?.table ?? [])
      .filter((route) => route.version === version)
      .map(({ chores }) => `route for ${chores.length === 0 ? 'no chore' : chores.join(', ')}`),
  ];
  const earlier = before.includes(version) ? ['champion before'] : [];
  return { roles: [...serving, ...earlier], serves: serving.length > 0 };
};

const candidateText = ({ share, shadow }: NonNullable<AgentVersions['candidate']>): string =>
  [
    'candidate',
    ...(share === undefined ? [] : [`for ${percent(share)} of the specs`]),
    ...(shadow === undefined ? [] : [`in the shadow of ${percent(shadow)}`]),
  ].join(' ');

const percent = (share: number): string => `${Math.round(100 * share)} %`;
