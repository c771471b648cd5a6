// SPDX-License-Identifier: GPL-3.0-only
import { resolve } from 'node:path';
import { countNoun } from '../../data/count-noun.ts';
import { type CollectedNight, runCollectJob } from '../../night/jobs/collect-job.ts';
import { atNight } from '../shared/at-night.ts';
import { readCount } from '../shared/count-option.ts';
import { readDate } from '../shared/night-date.ts';
import { locate } from '../shared/state.ts';
import { workerOf } from '../shared/worker.ts';

export type CollectArguments = {
  readonly repo: string;
  /** Where the night is left for the jobs that follow. */
  readonly night: string;
  readonly shards: string;
  readonly flow?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly specs?: string | undefined;
  readonly profile?: string | undefined;
  readonly date?: string | undefined;
  readonly attempt?: string | undefined;
  /** The shipped example may run unconfined and borrow this installation's packages. */
  readonly example?: true;
  /** Work this spec although nothing has changed. */
  readonly retry?: string | undefined;
  /** Where pull requests go unless pantheon.yaml says. */
  readonly forge?: 'local' | 'github';
  /** The token only reads: what waits in the outbox is left to publish. */
  readonly readOnly?: true;
  readonly json?: true;
};

/** `pantheon collect`: decides a night for jobs of their own, and says what they need to know. */
export const collectCommand = async (args: CollectArguments): Promise<void> => {
  const { night, digest, shards, waiting } = await collectFrom(args);
  const worked = night.specs.filter(({ skip }) => skip === undefined).length;
  process.stdout.write(
    args.json
      ? `${JSON.stringify({ id: night.id, night: digest, shards, of: night.shards ?? 1, work: shards.length > 0, waiting: waiting > 0 })}\n`
      : `${night.id}: ${countNoun(worked, 'spec')} to work in ${countNoun(shards.length, 'shard')}, ${night.specs.length - worked} skipped\n`,
  );
};

/** Decides the night. @throws UserError as `pantheon night` does. */
export const collectFrom = async (args: CollectArguments): Promise<CollectedNight> => {
  const farewell = 'Interrupted; nothing was decided.';
  return atNight({ quiet: args.json === true }, farewell, async (running) =>
    runCollectJob({
      ...(await locate(args.repo)),
      ...running,
      folder: resolve(args.night),
      attempt: readCount('--attempt', args.attempt ?? '1'),
      shards: readCount('--shards', args.shards, 256),
      flow: args.flow,
      only: args.only,
      retry: args.retry,
      specs: args.specs,
      profile: args.profile,
      startedAt: readDate(args.date),
      example: args.example === true,
      otherwise: args.forge ?? 'local',
      readOnly: args.readOnly === true,
      work: await workerOf(args),
    }),
  );
};
