// SPDX-License-Identifier: GPL-3.0-only
import { setOutput } from '@actions/core';
import { publishFrom } from '../publish.ts';
import { optional, readJob, required } from './job.ts';

/** Ends a night; its counts become outputs. */
export const publishAction = async (): Promise<void> => {
  const { repo, arrived, morning, attempt } = readJob();
  const { summary } = await publishFrom({
    repo,
    artifacts: arrived,
    digest: required('night'),
    out: morning,
    attempt,
    ...(optional('dry_run') === 'true' && { dryRun: true }),
    forge: 'github',
  });
  const { pullRequests, redBins, skipped } = summary.counts;
  setOutput('pull-requests', pullRequests);
  setOutput('red-bins', redBins);
  setOutput('skipped', skipped);
};
