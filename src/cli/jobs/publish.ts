// SPDX-License-Identifier: GPL-3.0-only
import { relative, resolve } from 'node:path';
import type { Summary } from '../../morning/summary.ts';
import { type PublishJobOptions, runPublishJob } from '../../night/jobs/publish-job.ts';
import { atNight } from '../shared/at-night.ts';
import { readCount } from '../shared/count-option.ts';
import { renderOutcomes } from '../shared/outcome-table.ts';
import { locate } from '../shared/state.ts';

export type PublishArguments = Pick<PublishJobOptions, 'night' | 'artifacts' | 'digest' | 'out'> & {
  readonly repo: string;
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
): Promise<{ readonly summary: Summary; readonly folder: string }> => {
  const farewell = 'Interrupted; publish again to finish it.';
  return atNight({ quiet: args.json === true }, farewell, async (running) =>
    runPublishJob({
      ...(await locate(args.repo)),
      ...running,
      night: args.night === undefined ? undefined : resolve(args.night),
      artifacts: args.artifacts,
      digest: args.digest,
      out: args.out === undefined ? undefined : resolve(args.out),
      attempt: readCount('--attempt', args.attempt ?? '1'),
      dryRun: args.dryRun === true,
      otherwise: args.forge ?? 'local',
    }),
  );
};
