// SPDX-License-Identifier: GPL-3.0-only
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RouteEpisode } from '../learn/route/table.ts';
import { summaryIfReadable } from '../morning/read-summary.ts';
import type { Spec } from '../spec/schema.ts';
import { readNight } from './record/night-folder.ts';
import type { DecidedSpec, Night } from './record/night-schemas.ts';
import { workedBy } from './record/worked-by.ts';
import { outcomeOf } from './spec-outcomes.ts';

export type EpisodeSources = {
  /** Folders of published nights, oldest first. */
  readonly nights: readonly string[];
  readonly agent: string;
  /** The number of an adapter by the digest of its files; nothing for one that cannot be routed to. */
  readonly versionOf: (digest: string) => number | undefined;
  readonly choresOf: (spec: Spec) => readonly string[];
  /** Specs whose pull requests people rejected, as `night/spec`. */
  readonly rejected: ReadonlySet<string>;
};

/**
 * How the specs of nights ended with the versions of an agent. Left out is what says nothing of one: skipped specs,
 * those that an engine or a full disk ended, and those of which only some units were left.
 * @throws UserError where a night cannot be read.
 */
export const routeEpisodes = async (sources: EpisodeSources): Promise<readonly RouteEpisode[]> => {
  const { nights, agent, versionOf, choresOf, rejected } = sources;
  const episodes: RouteEpisode[] = [];
  for (const folder of nights) {
    const summary = existsSync(join(folder, 'night.json'))
      ? await summaryIfReadable(folder)
      : undefined;
    if (!summary) continue;
    const night = await readNight(folder);
    const ended = new Map(summary.specs.map((spec) => [spec.id, spec]));
    for (const decided of night.specs) {
      const spec = ended.get(decided.spec.id);
      const digest = digestOf(night, decided, agent);
      const version = digest === undefined ? undefined : versionOf(digest);
      if (!spec || version === undefined || decided.only !== undefined) continue;
      const { accepted, broken } = outcomeOf(spec, {});
      if (broken !== undefined) continue;
      episodes.push({
        ...{ spec: spec.id, chores: choresOf(decided.spec), version },
        accepted: accepted && !rejected.has(`${night.id}/${spec.id}`),
      });
    }
  }
  return episodes;
};

/** The digest of the adapter with which an agent worked a spec; nothing where it was none of the registry. */
const digestOf = (night: Night, decided: DecidedSpec, agent: string): string | undefined => {
  const node = night.flows[decided.flow]?.nodes.find((one) => one.agent === agent)?.id;
  return workedBy(night, decided).find((one) => one.node === node)?.digest;
};
