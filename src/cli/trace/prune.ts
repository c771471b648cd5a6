// SPDX-License-Identifier: GPL-3.0-only
import { resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { printable } from '../../data/printable.ts';
import { UserError } from '../../data/user-error.ts';
import { readDecisions } from '../../forge/decisions.ts';
import type { ListedPullRequest } from '../../forge/forge.ts';
import { readDatasets } from '../../learn/mine/mined-datasets.ts';
import { committedConfig, openForge } from '../../night/open/open-forge.ts';
import { type PrunedNight, pruneNights } from '../../night/prune-nights.ts';
import type { StateFolder } from '../../night/record/state-folder.ts';
import { acquireLock } from '../../trace/lock.ts';
import type { Repository } from '../../workspace/repository.ts';
import { readCount } from '../shared/count-option.ts';
import { decidedNights } from '../shared/nights.ts';
import { nightsSince } from '../shared/nights-since.ts';
import { locate } from '../shared/state.ts';

type PruneArguments = {
  readonly repo: string;
  readonly keep?: string;
  readonly keepNights?: string;
  readonly forget?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
};

/** `pantheon trace prune` */
export const pruneCommand = async (args: PruneArguments): Promise<void> => {
  const { repository, state } = await locate(args.repo);
  const release = args.dryRun ? () => {} : await acquireLock(state.lock, 'trace prune');
  try {
    const nights = (await decidedNights({ repo: args.repo })).map(([night]) => night);
    const forgotten = new Set((args.forget ?? []).map((folder) => resolve(folder)));
    const keptFor = {
      recent: await recentNights(state.traces, nights, args),
      datasets: readDatasets(state.datasets).filter(({ folder }) => !forgotten.has(folder)),
      listed: await listedOrUnknown(repository, state),
      decisions: await readDecisions(state.decisions),
    };
    const all: PrunedNight[] = [];
    for await (const one of pruneNights(state.traces, nights, keptFor, args.dryRun === true)) {
      all.push(one);
      if (!args.json) process.stdout.write(`${lineOf(one, args.dryRun === true)}\n`);
    }
    const removed = all.filter(({ kept }) => kept === undefined);
    const bytes = removed.reduce((sum, one) => sum + one.bytes, 0);
    process.stdout.write(
      args.json
        ? `${JSON.stringify({ dryRun: args.dryRun === true, nights: all, bytes }, null, 2)}\n`
        : `${countNoun(removed.length, 'night')} ${args.dryRun ? 'would be pruned' : 'pruned'}, ${megabytes(bytes)}; ${all.length - removed.length} kept.\n`,
    );
  } finally {
    release();
  }
};

const recentNights = async (
  traces: string,
  nights: readonly string[],
  { keep, keepNights }: PruneArguments,
): Promise<ReadonlySet<string>> => {
  if (keep !== undefined && keepNights === undefined) {
    return new Set(await nightsSince(traces, nights, keep, undefined, '--keep'));
  }
  if (keepNights !== undefined && keep === undefined) {
    return new Set(nights.slice(-readCount('--keep-nights', keepNights)));
  }
  throw new UserError('say what is kept: either --keep 30d, or --keep-nights 20');
};

/** Pull requests as the forge tells of them now; nothing where it says that something is in its way. */
const listedOrUnknown = async (
  repository: Repository,
  state: StateFolder,
): Promise<readonly ListedPullRequest[] | undefined> => {
  let isSure = true;
  const say = (line: string): void => {
    isSure = false;
    process.stderr.write(`${printable(line)}\n`);
  };
  const config = await committedConfig(repository);
  const forge = await openForge({ repository, state, config, say, otherwise: 'local' });
  const listed = await forge.list();
  return isSure ? listed : undefined;
};

const lineOf = ({ night, kept, specs, bytes }: PrunedNight, dryRun: boolean): string => {
  const size = `${megabytes(bytes)} of ${countNoun(specs, 'spec')}`;
  if (kept !== undefined) return `${night}: kept, ${size}: ${printable(kept)}.`;
  return `${night}: ${dryRun ? 'would be pruned' : 'pruned'}, ${size}.`;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
