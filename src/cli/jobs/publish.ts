// SPDX-License-Identifier: GPL-3.0-only
import { relative, resolve } from 'node:path';
import { loadConfig } from '../../config/load-config.ts';
import { formatArtifact } from '../../flow/compile/names.ts';
import { syncForge } from '../../forge/sync-forge.ts';
import type { Summary } from '../../morning/summary.ts';
import { sealFolder } from '../../night/jobs/artifact-contents.ts';
import { type GatheredNight, gatherArtifacts } from '../../night/jobs/gather-artifacts.ts';
import { publishNight } from '../../night/jobs/publish-shards.ts';
import { hasIssues, openForge } from '../../night/open/open-forge.ts';
import { readTerms } from '../../night/record/frozen-terms.ts';
import { readNight } from '../../night/record/night-folder.ts';
import { readCount } from '../shared/count-option.ts';
import { untilInterrupted } from '../shared/interrupt.ts';
import { renderOutcomes } from '../shared/outcome-table.ts';
import { createProgress } from '../shared/progress.ts';
import { locate, nightPlace } from '../shared/state.ts';

export type PublishArguments = {
  readonly repo: string;
  /** The night's folder; with artifacts, by default the one in the state folder. */
  readonly night?: string;
  /** A folder per artifact of earlier jobs. */
  readonly artifacts?: string;
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string;
  readonly out?: string;
  readonly dryRun?: true;
  readonly attempt?: string;
  /** Where pull requests go unless pantheon.yaml says. */
  readonly forge?: 'local' | 'github';
  readonly json?: true;
};

/** `pantheon publish`: exit code 0 also where specs are red. */
export const publishCommand = async (args: PublishArguments): Promise<void> => {
  const { summary, folder } = await publishFrom(args);
  process.stdout.write(
    args.json
      ? `${JSON.stringify(summary, null, 2)}\n`
      : renderOutcomes(summary, {
          folder: relative(process.cwd(), folder) || '.',
          repo: args.repo === '.' ? undefined : args.repo,
          mistakes: [],
          width: undefined,
        }),
  );
};

/** Ends the night. @throws UserError when it did not arrive. */
export const publishFrom = async (
  args: PublishArguments,
): Promise<{
  readonly summary: Summary;
  readonly folder: string;
  readonly arrived: Pick<GatheredNight, 'refused'>;
}> => {
  process.env.PANTHEON_NIGHT = '1';
  const { repository, state } = await locate(args.repo);
  const progress = createProgress({ quiet: args.json === true });
  const work = async (signal: AbortSignal) => {
    const { folder, arrived } = await arrivedFor(args, state.traces);
    for (const line of arrived.refused) progress.say(`Not taken: ${line}.`);
    const { say } = progress;
    const config = loadConfig(arrived.night.config);
    const otherwise = args.forge ?? 'local';
    const out = args.out === undefined ? undefined : resolve(args.out);
    const forge = await openForge({ repository, state, say, signal, config, otherwise });
    // What an earlier night left waiting: only this job's token writes.
    if (!args.dryRun && hasIssues(forge) && (await forge.waiting()) > 0)
      await syncForge(forge, say);
    const summary = await publishNight({
      arrived,
      folder,
      terms: await readTerms(folder),
      repository: repository.root,
      state,
      forge,
      dryRun: args.dryRun === true,
      out,
      watch: progress.watch,
      signal,
    });
    if (out !== undefined) {
      const attempt = readCount('--attempt', args.attempt ?? '1');
      const artifact = formatArtifact({ kind: 'morning', attempt });
      const night = arrived.digest;
      await sealFolder(out, { artifact, ...(night !== undefined && { night }), complete: true });
    }
    return { summary, folder, arrived };
  };
  try {
    return await untilInterrupted('Interrupted; publish again to finish it.', work);
  } finally {
    progress.stop();
  }
};

const arrivedFor = async (
  args: PublishArguments,
  traces: string,
): Promise<{
  readonly folder: string;
  readonly arrived: Pick<GatheredNight, 'night' | 'absent' | 'refused'> &
    Partial<Pick<GatheredNight, 'digest'>>;
}> => {
  if (args.artifacts !== undefined) {
    const into = args.night === undefined ? nightPlace(traces) : resolve(args.night);
    const arrived = await gatherArtifacts({ from: args.artifacts, into, digest: args.digest });
    return { folder: arrived.folder, arrived };
  }
  const folder = resolve(args.night ?? '.');
  const night = await readNight(folder);
  return { folder, arrived: { night, absent: () => undefined, refused: [] } };
};
