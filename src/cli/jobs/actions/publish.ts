// SPDX-License-Identifier: GPL-3.0-only
import { publishFrom } from '../publish.ts';
import { optionalInput, readJobEnvironment, requiredInput } from './job-environment.ts';

/** Ends a night; its counts become outputs. */
export const publishAction = async (): Promise<void> => {
  const { repo, arrived, morning, attempt } = readJobEnvironment();
  const { summary } = await publishFrom({
    repo,
    artifacts: arrived,
    digest: requiredInput('night'),
    out: morning,
    attempt,
    ...(optionalInput('dry_run') === 'true' && { dryRun: true }),
    forge: 'github',
  });
  const { setOutput } = await import('@actions/core');
  const { pullRequests, redBins, skipped } = summary.counts;
  setOutput('pull-requests', pullRequests);
  setOutput('red-bins', redBins);
  setOutput('skipped', skipped);
};
