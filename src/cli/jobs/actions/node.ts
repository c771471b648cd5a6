// SPDX-License-Identifier: GPL-3.0-only
import { nodeCommand } from '../node.ts';
import { readJobEnvironment, requiredInput } from './job-environment.ts';

/** Runs a node for one shard; `agent` is who must play it. Its counts become outputs. */
export const nodeAction = async (agent?: string): Promise<void> => {
  const { repo, arrived, night, out, attempt } = readJobEnvironment();
  const counts = await nodeCommand(requiredInput('node'), {
    repo,
    night,
    artifacts: arrived,
    out,
    attempt,
    shard: `${requiredInput('shard')}/${requiredInput('of')}`,
    digest: requiredInput('night'),
    ...(agent !== undefined && { agent }),
  });
  const { setOutput } = await import('@actions/core');
  for (const [name, value] of Object.entries(counts)) setOutput(name, value);
};
