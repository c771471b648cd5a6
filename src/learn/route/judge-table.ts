// SPDX-License-Identifier: GPL-3.0-only
import { sha256 } from '../../data/digest.ts';
import { routeKey } from '../../engine/models/registry-names.ts';
import { countPairs, type JudgedCase } from '../eval/result.ts';
import { type JudgedEval, judgeEval, type PromotionBar } from '../promote/judge-eval.ts';
import { type PairedEffect, pairedEffect } from '../promote/paired-test.ts';
import {
  learnTable,
  type RouteEpisode,
  type RouteRow,
  type RouteTerms,
  routedVersion,
} from './table.ts';

/** A spec that the champion and another version worked in one evaluation. */
export type RoutePair = {
  readonly spec: string;
  readonly kind: JudgedCase['kind'];
  readonly chores: readonly string[];
  readonly version: number;
  /** With that version, and with the champion. */
  readonly accepted: boolean;
  readonly champion: boolean;
};

/** What is lost against the best that was seen for each spec. */
export type Regret = {
  readonly specs: number;
  /** Specs that are accepted: with the better version of each, by the table, and with the champion alone. */
  readonly best: number;
  readonly routed: number;
  readonly champion: number;
  /** Shares of the specs, with the interval of 95 % that pairs have; `null` over none. */
  readonly ofRoutes: PairedEffect | null;
  readonly ofChampion: PairedEffect | null;
  /** Specs that the version which the table gives them did not work. */
  readonly unseen: number;
};

export type JudgedTable = {
  readonly table: readonly RouteRow[];
  /** The table against the champion everywhere, by the rule that promotes a version. */
  readonly judged: JudgedEval;
  readonly regret: Regret;
};

const folds = 10;

const foldOf = (spec: string): number => Number.parseInt(sha256(spec).slice(0, 8), 16) % folds;

/**
 * Learns a table and judges it on specs that it was not learned from: those of each tenth, by a hash of their ids, are
 * routed by what the other nine say (cross-fitting, Chernozhukov et al. 2018, doi:10.1111/ectj.12097). What a version
 * would have done is not guessed: a spec counts where the version that it is given worked it beside the champion.
 * Guard cases are learned from by nobody, and routed by the whole table.
 */
export const judgeTable = (
  episodes: readonly RouteEpisode[],
  pairs: readonly RoutePair[],
  { champion, leastSpecs }: Omit<RouteTerms, 'isJudged'>,
  bar: PromotionBar,
): JudgedTable => {
  const isJudged = enoughPairs(pairs, leastSpecs);
  const terms: RouteTerms = { champion, leastSpecs, isJudged };
  const table = learnTable(episodes, terms);
  const others = Array.from({ length: folds }, (_, fold) =>
    learnTable(
      episodes.filter(({ spec }) => foldOf(spec) !== fold),
      terms,
    ),
  );
  const specs = [...Map.groupBy(pairs, ({ kind, spec }) => `${kind} ${spec}`).values()];
  const routed = specs.map((seen) => routeSpec(seen, table, others, champion));
  const cases = routed.flatMap(({ judged }) => judged ?? []);
  const heldOut = routed.filter(({ kind }) => kind === 'held-out');
  return { table, judged: judgeEval(cases, bar), regret: regretOf(heldOut) };
};

/** A version that only nights have worked is not routed to: nothing would say whether that is right. */
const enoughPairs = (pairs: readonly RoutePair[], leastSpecs: number): RouteTerms['isJudged'] => {
  const specs = new Map<string, Set<string>>();
  for (const { kind, chores, version, spec } of pairs) {
    if (kind === 'guard') continue;
    const key = `${version} ${routeKey(chores)}`;
    specs.set(key, (specs.get(key) ?? new Set()).add(spec));
  }
  return (chores, version) =>
    (specs.get(`${version} ${routeKey(chores)}`)?.size ?? 0) >= leastSpecs;
};

type Routed = {
  readonly kind: JudgedCase['kind'];
  /** Nothing where the version that it is given did not work it. */
  readonly judged: JudgedCase | undefined;
  readonly best: boolean;
};

const routeSpec = (
  seen: readonly RoutePair[],
  whole: readonly RouteRow[],
  others: readonly (readonly RouteRow[])[],
  champion: number,
): Routed => {
  const { spec, kind, chores } = seen.at(-1) as RoutePair;
  const table = kind === 'guard' ? whole : (others[foldOf(spec)] ?? []);
  const version = routedVersion(table, chores, champion);
  const pair = version === champion ? seen.at(-1) : seen.findLast((one) => one.version === version);
  const best = seen.some((one) => one.accepted || one.champion);
  if (!pair) return { kind, best, judged: undefined };
  const candidate = { accepted: version === champion ? pair.champion : pair.accepted };
  return {
    kind,
    best,
    judged: { id: spec, kind, candidate, incumbent: { accepted: pair.champion } },
  };
};

const regretOf = (routed: readonly Routed[]): Regret => {
  const judged = routed.filter((one) => one.judged !== undefined);
  const against = (side: 'candidate' | 'incumbent') =>
    countPairs(
      judged.map(
        ({ best, judged: one }): JudgedCase => ({
          ...{ id: one?.id ?? '', kind: 'held-out' },
          candidate: { accepted: best },
          incumbent: { accepted: one?.[side]?.accepted === true },
        }),
      ),
    );
  const [routes, champion] = [against('candidate'), against('incumbent')];
  return {
    specs: judged.length,
    best: routes.both + routes.candidate,
    routed: routes.both + routes.incumbent,
    champion: champion.both + champion.incumbent,
    ofRoutes: pairedEffect(routes),
    ofChampion: pairedEffect(champion),
    unseen: routed.length - judged.length,
  };
};
