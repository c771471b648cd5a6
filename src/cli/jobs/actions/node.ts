// SPDX-License-Identifier: GPL-3.0-only
import { setOutput } from '@actions/core';
import { nodeCommand } from '../node.ts';
import { readJob, required } from './job.ts';

/** Runs a node for one shard; `agent` is who must play it. Its counts become outputs. */
export const nodeAction = async (agent?: string): Promise<void> => {
  const { repo, arrived, night, out, attempt } = readJob();
  const counts = await nodeCommand(required('node'), {
    repo,
    night,
    artifacts: arrived,
    out,
    attempt,
    shard: `${required('shard')}/${required('of')}`,
    digest: required('night'),
    ...(agent !== undefined && { agent }),
  });
  for (const [name, value] of Object.entries(counts)) setOutput(name, value);
};
