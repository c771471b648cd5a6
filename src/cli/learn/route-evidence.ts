// SPDX-License-Identifier: GPL-3.0-only

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Chores } from '../../chore/chores.ts';
import { choresAsked } from '../../chore/read-asked.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import { type AgentVersion, type Registry, versionsOf } from '../../engine/models/registry.ts';
import { evalPlace, type KeptEval, readEval } from '../../learn/eval/kept-eval.ts';
import { isPaired } from '../../learn/eval/result.ts';
import { registeredVersion } from '../../learn/promote/registry-change.ts';
import type { RoutePair } from '../../learn/route/judge-table.ts';
import type { RouteEpisode } from '../../learn/route/table.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';

/** The kept evaluations of an agent's versions, the oldest first. @throws UserError where one is something else. */
export const keptEvals = (state: StateFolder, agent: string): readonly KeptEval[] => {
  const folder = join(evalPlace(state, ''));
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.startsWith(`${agent}@`) && /@\d+$/.test(name))
    .flatMap((name) => readEval(join(folder, name)) ?? [])
    .filter(({ result }) => result.agent === agent)
    .sort((a, b) => (a.result.startedAt < b.result.startedAt ? -1 : 1));
};

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
  const numbers = new Set(listed.versions.map(({ version }) => version));
  const evaluated = kept
    .filter(({ result }) => result.incumbent.adapter === champion.adapter)
    .filter(({ result: { candidate } }) => !numbers.has(candidate.version))
    .map(({ result: { candidate, startedAt } }) =>
      registeredVersion(candidate, startedAt.slice(0, 10)),
    );
  return { champion, versions: [...listed.versions, ...evaluated] };
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

/** Whether two versions of a number are of the same files. @throws UserError where they are not. */
export const refuseMixed = (
  agent: string,
  versions: readonly AgentVersion[],
  kept: readonly KeptEval[],
): void => {
  for (const { result } of kept) {
    const { version, adapter } = result.candidate;
    const listed = versions.find((one) => one.version === version);
    if (!listed || listed.adapter === adapter) continue;
    const name = adapterName({ agent, version });
    throw new UserError(
      `${name} was evaluated with sha256 ${adapter}, and registry.yaml has ${listed.adapter}. Run "pantheon eval ${name}" again`,
    );
  }
};
