// SPDX-License-Identifier: GPL-3.0-only
import { collectFrom } from '../collect.ts';
import { optionalInput, readJobEnvironment, requiredInput } from './job-environment.ts';

/** Decides a night; what later jobs need to know becomes outputs. */
export const collectAction = async (): Promise<void> => {
  const { repo, night: folder, attempt } = readJobEnvironment();
  const { night, digest, shards, waiting } = await collectFrom({
    repo,
    night: folder,
    attempt,
    flow: requiredInput('flow'),
    shards: requiredInput('shards'),
    date: optionalInput('date'),
    only: optionalInput('specs')
      ?.split(',')
      .map((id) => id.trim()),
    retry: optionalInput('retry'),
    // For the example vault alone: it borrows the packages of this installation.
    ...(process.env.PANTHEON_EXAMPLE === '1' && { example: true }),
    forge: 'github',
    readOnly: true,
  });
  const { setOutput } = await import('@actions/core');
  setOutput('night', digest);
  setOutput('shards', JSON.stringify(shards));
  setOutput('of', night.shards ?? 1);
  setOutput('work', shards.length > 0);
  setOutput('waiting', waiting > 0);
};
