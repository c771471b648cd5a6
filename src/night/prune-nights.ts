// SPDX-License-Identifier: GPL-3.0-only
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { PullRequestDecision } from '../forge/decisions.ts';
import type { ListedPullRequest } from '../forge/forge.ts';
import type { MinedDataset } from '../learn/mine/mined-datasets.ts';
import { summaryIfReadable } from '../morning/read-summary.ts';
import type { SpecSummary, Summary } from '../morning/summary.ts';
import { emptyBin, leftBundles, pruneBundles } from '../trace/prune-bundles.ts';
import { putAside, unfinishedNights } from './record/night-folder.ts';

/** What nights are kept for. */
export type KeptFor = {
  /** Names of nights that were asked to be kept. */
  readonly recent: ReadonlySet<string>;
  readonly datasets: readonly MinedDataset[];
  /** Every pull request that the forge knows; nothing where it could not be asked. */
  readonly listed: readonly ListedPullRequest[] | undefined;
  readonly decisions: readonly PullRequestDecision[];
};

/** A night with bundles: why they are kept, or nothing where they are removed. */
export type PrunedNight = {
  readonly night: string;
  readonly kept?: string;
  readonly specs: number;
  readonly bytes: number;
};

/**
 * Goes through the nights of a folder, oldest first, and removes the bundles of those that nothing refers to. What is
 * signed beside them stays. Whatever cannot be read is kept.
 */
export async function* pruneNights(
  traces: string,
  nights: readonly string[],
  keptFor: KeptFor,
  dryRun: boolean,
): AsyncGenerator<PrunedNight> {
  const unfinished = new Set((await unfinishedNights(traces)).map((folder) => basename(folder)));
  for (const night of nights) {
    const folder = join(traces, night);
    // A link leads who knows where, and what was given up is looked at by a person.
    if (night.endsWith(putAside) || !lstatSync(folder).isDirectory()) continue;
    if (!dryRun) emptyBin(folder);
    const left = leftBundles(folder);
    if (left.specs.length === 0) continue;
    const kept =
      night === nights.at(-1)
        ? 'it is the last night'
        : unfinished.has(night)
          ? 'it has not ended'
          : whyKept(night, await summaryIfReadable(folder), keptFor);
    if (kept === undefined && !dryRun) pruneBundles(folder, left);
    const size = { specs: left.specs.length, bytes: left.bytes };
    yield { night, ...(kept !== undefined && { kept }), ...size };
  }
}

const whyKept = (
  night: string,
  summary: Summary | undefined,
  { recent, datasets, listed, decisions }: KeptFor,
): string | undefined => {
  if (recent.has(night)) return 'it is newer than what is asked for';
  if (!summary) return 'it was not published, or its summary cannot be read';
  const dataset = datasets.find(({ nights }) => nights.includes(night));
  if (dataset) return `the dataset in ${dataset.folder} was made of it`;
  if (summary.dryRun) return undefined;
  return summary.specs
    .filter(({ outcome }) => outcome === 'pull-request')
    .map((spec) => whyNeeded(night, spec, listed, decisions))
    .find((reason) => reason !== undefined);
};

/** Why the bundles of a pull request are still needed: somebody is yet to decide, or nobody can say. */
const whyNeeded = (
  night: string,
  { id, branch, commit }: SpecSummary,
  listed: KeptFor['listed'],
  decisions: readonly PullRequestDecision[],
): string | undefined => {
  if (!listed) return 'the forge could not be asked about its pull requests';
  const found = listed.find(
    ({ pullRequest: one }) => one.night === night && one.spec === id && one.commit === commit,
  );
  if (!found) return `the forge does not know the pull request ${branch ?? id}`;
  const { state } = found;
  if (state === 'merged') return undefined;
  if (state !== 'closed') return `the pull request ${branch} is ${state}`;
  const isDecided = decisions.some((made) => made.branch === branch && made.commit === commit);
  return isDecided ? undefined : `nobody has decided about the pull request ${branch}`;
};
