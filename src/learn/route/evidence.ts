// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Chores } from '../../chore/chores.ts';
import { choresAsked } from '../../chore/read-asked.ts';
import { UserError } from '../../data/user-error.ts';
import { type AgentVersion, type Registry, versionsOf } from '../../engine/models/registry.ts';
import { evalPlace, type KeptEval, readEval, shadowPlace } from '../eval/kept-eval.ts';
import { isPaired } from '../eval/result.ts';
import { registeredVersion } from '../promote/registry-change.ts';
import type { RoutePair } from './judge-table.ts';
import type { RouteEpisode } from './table.ts';

/** A comparison that was kept: one that was asked for, or one of nights in the shadow. */
export type KeptComparison = KeptEval & { readonly shadow: boolean };

/**
 * What is kept of an agent's versions beside others: of nights in the shadow, then what was evaluated on purpose, each
 * the oldest first. @throws UserError where something else is there.
 */
export const keptComparisons = (
  state: { readonly root: string },
  agent: string,
): readonly KeptComparison[] => [
  ...comparisonsIn(shadowPlace(state, ''), agent, true),
  ...comparisonsIn(evalPlace(state, ''), agent, false),
];

const comparisonsIn = (folder: string, agent: string, shadow: boolean): readonly KeptComparison[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => name.startsWith(`${agent}@`) && /@\d+$/.test(name))
    .flatMap((name) => readEval(join(folder, name)) ?? [])
    .filter(({ result }) => result.agent === agent)
    .sort((a, b) => (a.result.startedAt < b.result.startedAt ? -1 : 1))
    .map((kept) => ({ ...kept, shadow }));

/** The versions that can be routed to: those of the registry, and those that were evaluated beside its champion. */
export const routableVersions = (
  registry: Registry,
  agent: string,
  kept: readonly KeptEval[],
): { readonly champion: AgentVersion; readonly versions: readonly AgentVersion[] } => {
  const listed = versionsOf(registry, agent);
  const champion = listed?.versions.find(({ version }) => version === listed.champion);
  if (!listed || !champion) {
    throw new UserError(
      `registry.yaml has no champion of ${agent}, and a route says who works in its place. Promote one first: pantheon promote ${agent}@N`,
    );
  }
  const compared = kept
    .filter(({ result }) => result.incumbent.adapter === champion.adapter)
    .map(({ result: { candidate, startedAt } }) =>
      registeredVersion(candidate, startedAt.slice(0, 10)),
    );
  // A number stands for one version: what the registry has, else what was compared last.
  const byNumber = new Map([...compared, ...listed.versions].map((one) => [one.version, one]));
  return { champion, versions: [...byNumber.values()] };
};

/** What evaluations say of the versions, beside nights: each side of a spec, and the two together. */
export const evidenceOf = (
  kept: readonly KeptEval[],
  champion: AgentVersion,
  versionOf: (digest: string) => number | undefined,
  chores: Chores,
): { readonly episodes: readonly RouteEpisode[]; readonly pairs: readonly RoutePair[] } => {
  const pairs = kept.flatMap(({ result, specs }) => {
    const version = versionOf(result.candidate.adapter);
    if (version === undefined || result.incumbent.adapter !== champion.adapter) return [];
    const asked = new Map(specs.map(({ spec }) => [spec.id, choresAsked(spec, chores)]));
    return result.cases.flatMap((one): readonly RoutePair[] => {
      const known = asked.get(one.id);
      if (!known || !isPaired(one)) return [];
      return [
        {
          ...{ spec: one.id, kind: one.kind, chores: known, version },
          accepted: one.candidate?.accepted === true,
          champion: one.incumbent?.accepted === true,
        },
      ];
    });
  });
  const episodes = pairs
    .filter(({ kind }) => kind === 'held-out')
    .flatMap(({ spec, chores: asked, ...pair }): readonly RouteEpisode[] => [
      { spec, chores: asked, version: pair.version, accepted: pair.accepted },
      { spec, chores: asked, version: champion.version, accepted: pair.champion },
    ]);
  return { episodes, pairs };
};
