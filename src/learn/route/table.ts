// SPDX-License-Identifier: GPL-3.0-only
import { routeKey } from '../../engine/models/registry-names.ts';

/** How a spec ended with a version. */
export type RouteEpisode = {
  /** Its id. */
  readonly spec: string;
  /** All that it asks for. */
  readonly chores: readonly string[];
  readonly version: number;
  readonly accepted: boolean;
};

/** When a version is preferred. */
export type RouteTerms = {
  readonly champion: number;
  /** Specs with just these chores that each of two versions must have worked. */
  readonly leastSpecs: number;
  /** Whether a version can be judged on specs with these chores; others are counted and not chosen. */
  readonly isJudged: (chores: readonly string[], version: number) => boolean;
};

/** What a version did with the specs that ask for the same chores. */
export type VersionCount = {
  readonly version: number;
  readonly specs: number;
  readonly accepted: number;
  /** The share that it is expected to have accepted, 0 to 1. */
  readonly estimate: number;
};

/** One row of a table: who works the specs that ask for just these chores. */
export type RouteRow = {
  readonly chores: readonly string[];
  readonly versions: readonly VersionCount[];
  readonly choice: number;
};

/** So many specs at its overall share a version is taken to have worked of each set of chores before any. */
export const priorSpecs = 4;

/**
 * Who works which set of chores best, by the posterior mean of a beta-binomial model: a version's prior for a set is
 * its share over all specs, worth `priorSpecs` of them, so that few specs say little (Gelman et al., Bayesian Data
 * Analysis, 3rd ed., 2013, chapter 5). That share has the prior of Jeffreys (Brown, Cai and DasGupta 2001,
 * doi:10.1214/ss/1009213286). The champion works a set where it is not behind, or where one of the two has worked
 * too few. Of a spec that a version has worked more than once the last time counts.
 */
export const learnTable = (
  episodes: readonly RouteEpisode[],
  terms: RouteTerms,
): readonly RouteRow[] => {
  const last = [...new Map(episodes.map((one) => [`${one.version} ${one.spec}`, one])).values()];
  const overall = new Map(
    [...Map.groupBy(last, ({ version }) => version)].map(([version, those]) => [
      version,
      (accepted(those) + 0.5) / (those.length + 1),
    ]),
  );
  return [...Map.groupBy(last, ({ chores }) => routeKey(chores))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, those]) => {
      const versions = [...Map.groupBy(those, ({ version }) => version)]
        .sort(([a], [b]) => a - b)
        .map(
          ([version, ones]): VersionCount => ({
            version,
            specs: ones.length,
            accepted: accepted(ones),
            estimate:
              (accepted(ones) + priorSpecs * (overall.get(version) ?? 0)) /
              (ones.length + priorSpecs),
          }),
        );
      const chores = key === '' ? [] : key.split(' ');
      return { chores, versions, choice: choose(chores, versions, terms) };
    });
};

const accepted = (episodes: readonly RouteEpisode[]): number =>
  episodes.filter((one) => one.accepted).length;

const choose = (
  chores: readonly string[],
  versions: readonly VersionCount[],
  { champion, leastSpecs, isJudged }: RouteTerms,
): number => {
  const enough = versions.filter(({ specs }) => specs >= leastSpecs);
  const first = enough.find(({ version }) => version === champion);
  if (!first) return champion;
  return enough
    .filter(({ version }) => isJudged(chores, version))
    .reduce((best, one) => (one.estimate > best.estimate ? one : best), first).version;
};

/** The version that a table gives the specs with these chores; the champion where it has no row for them. */
export const routedVersion = (
  table: readonly RouteRow[],
  chores: readonly string[],
  champion: number,
): number => {
  const key = routeKey(chores);
  return table.find((row) => routeKey(row.chores) === key)?.choice ?? champion;
};
