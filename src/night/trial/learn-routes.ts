// SPDX-License-Identifier: GPL-3.0-only
import { choresAsked } from '../../chore/read-asked.ts';
import { canonicalJson } from '../../data/digest.ts';
import { UserError } from '../../data/user-error.ts';
import { adapterName } from '../../engine/models/adapter-name.ts';
import {
  type AgentVersion,
  type AgentVersions,
  versionsOf,
  withAgent,
} from '../../engine/models/registry.ts';
import { registryName } from '../../engine/models/registry-names.ts';
import { findVersion } from '../../learn/eval/find-version.ts';
import { decidedUnits } from '../../learn/mine/decided-units.ts';
import { usualBar } from '../../learn/promote/judge-eval.ts';
import {
  evidenceOf,
  type KeptComparison,
  keptComparisons,
  routableVersions,
} from '../../learn/route/evidence.ts';
import { type JudgedTable, judgeTable } from '../../learn/route/judge-table.ts';
import type { RouteRow } from '../../learn/route/table.ts';
import { openBaseTree } from '../../workspace/base-tree.ts';
import type { Repository } from '../../workspace/repository.ts';
import { openForge } from '../open/open-forge.ts';
import { committedChores } from '../open/open-setup.ts';
import { type CommittedFiles, readCommit } from '../open/read-commit.ts';
import { type ProposedRegistry, proposeRegistry } from '../propose-registry.ts';
import type { StateFolder } from '../record/state-folder.ts';
import { routeEpisodes } from '../route-episodes.ts';
import type { EvalPlan } from './evaluate-agent.ts';
import { isJudgedAsToday } from './judged-as-today.ts';

/** Whose routes are learned, and from what. */
export type RouteRequest = Pick<EvalPlan, 'agent' | 'work' | 'say' | 'signal'> & {
  readonly repository: Repository;
  readonly state: StateFolder;
  /** Folders of published nights, oldest first. */
  readonly nights: readonly string[];
  readonly leastSpecs: number;
  readonly leastPairs: number;
};

/** What was learned for a champion. */
export type LearnedRoutes = {
  readonly champion: number;
  readonly learned: JudgedTable;
  /** The rows that another than the champion works. */
  readonly routed: readonly RouteRow[];
  /** Opens the pull request of `routes` in `registry.yaml`. @throws UserError where they are there already. */
  readonly propose: (body: readonly string[]) => Promise<ProposedRegistry>;
};

type Opened = RouteRequest & { readonly commit: CommittedFiles };

/** Learns which version works which specs best, judges that, and has it told. @throws UserError where there is no champion. */
export const learnRoutes = async (
  request: RouteRequest,
  tell: (routes: LearnedRoutes) => Promise<void>,
): Promise<void> => {
  const { repository } = request;
  const base = await openBaseTree(repository.root, repository.head);
  try {
    const opened = { ...request, commit: await readCommit(base) };
    const { champion, versions, learned } = await learn(opened);
    const routed = learned.table.filter(({ choice }) => choice !== champion);
    const propose = (body: readonly string[]) =>
      proposeRoutes(opened, { champion, versions, routed }, body);
    await tell({ champion, learned, routed, propose });
  } finally {
    await base.close();
  }
};

const learn = async (opened: Opened) => {
  const { agent, state, commit, nights, say, leastSpecs, leastPairs } = opened;
  const chores = await (await committedChores(commit, state.code))();
  const all = keptComparisons(state, agent);
  const { champion, versions } = routableVersions(await commit.registry(), agent, all);
  const kept: KeptComparison[] = [];
  for (const one of all) {
    if (one.result.incumbent.adapter !== champion.adapter) continue;
    const why = await whyLeftOut(one, versions, opened);
    if (why === undefined) kept.push(one);
    else {
      const name = adapterName({ agent, version: one.result.candidate.version });
      say(
        one.shadow
          ? `What nights had ${name} work in the shadow is left out: ${why}.`
          : `The evaluation of ${name} is left out: ${why}. "pantheon eval ${name}" makes another.`,
      );
    }
  }
  const numbers = new Map(versions.map(({ adapter, version }) => [adapter, version]));
  const versionOf = (digest: string): number | undefined => numbers.get(digest);
  const evidence = evidenceOf(kept, champion, versionOf, chores);
  const worked = await routeEpisodes({
    ...{ nights, agent, versionOf },
    choresOf: (spec) => choresAsked(spec, chores),
    rejected: await rejectedSpecs(opened),
  });
  // What was compared on purpose counts before what happened to be worked.
  const learned = judgeTable(
    [...worked, ...evidence.episodes],
    evidence.pairs,
    { champion: champion.version, leastSpecs },
    { ...usualBar, leastPairs },
  );
  return { champion: champion.version, versions, learned };
};

/** Specs of which people rejected a unit, as `night/spec`. */
const rejectedSpecs = async ({
  repository,
  state,
  commit,
  say,
}: Opened): Promise<ReadonlySet<string>> => {
  const { config } = commit;
  const forge = await openForge({ repository, state, config, say, otherwise: 'local' });
  const units = decidedUnits(await forge.resolutions(new Date()));
  return new Set(
    [...units].flatMap(([address, resolution]) =>
      resolution === 'rejected' ? address.split('/').slice(0, 2).join('/') : [],
    ),
  );
};

/** Why a comparison says nothing of today's version: other files, or other judges. */
const whyLeftOut = async (
  kept: KeptComparison,
  versions: readonly AgentVersion[],
  opened: Opened,
): Promise<string | undefined> => {
  const { agent, candidate } = kept.result;
  const { commit } = opened;
  const listed = versions.find(({ version }) => version === candidate.version);
  if (listed && listed.adapter !== candidate.adapter) {
    return `it was of other files: sha256 ${candidate.adapter} then, ${listed.adapter} by ${registryName}`;
  }
  try {
    const there = await findVersion(agent, candidate.version, await commit.models());
    if (there.candidate.adapter !== candidate.adapter) {
      return `its files have changed since: sha256 ${candidate.adapter} then, ${there.candidate.adapter} now`;
    }
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  const today = { ...opened, registry: await commit.registry() };
  return (await isJudgedAsToday(kept, today, opened))
    ? undefined
    : 'other agents, reviewers, rules or settings judge today';
};

const proposeRoutes = async (
  opened: Opened,
  {
    champion,
    versions,
    routed,
  }: Pick<LearnedRoutes, 'champion' | 'routed'> & { readonly versions: readonly AgentVersion[] },
  body: readonly string[],
): Promise<ProposedRegistry> => {
  const { agent, commit } = opened;
  const registry = await commit.registry();
  const before = versionsOf(registry, agent) as AgentVersions;
  const routes = {
    champion,
    table: routed.map(({ chores, choice }) => ({ chores: [...chores], version: choice })),
  };
  if (canonicalJson(before.routes ?? null) === canonicalJson(routes)) {
    throw new UserError(`${registryName} has these routes already`);
  }
  const named = new Set(routed.map(({ choice }) => choice));
  const listed = new Set(before.versions.map(({ version }) => version));
  const added = versions.filter(({ version }) => named.has(version) && !listed.has(version));
  return proposeRegistry({
    ...opened,
    registry: withAgent(registry, agent, {
      ...before,
      routes,
      versions: [...before.versions, ...added],
    }),
    title: `Route the specs of ${agent}`,
    body,
  });
};
