// SPDX-License-Identifier: GPL-3.0-only
import { nodeCommand } from '../node.ts';
import { readJobEnvironment, requiredInput } from './job-environment.ts';

/** Runs a node for one shard; `agent` is who must play it. Its counts become outputs. */
export const nodeAction = (agent?: string): Promise<void> =>
  runJob(() => requiredInput('node'), agent);

/** Runs the whole flow for one shard. How many specs the gate let through becomes an output. */
export const flowAction = (): Promise<void> => runJob(() => undefined);

const runJob = async (nodeOf: () => string | undefined, agent?: string): Promise<void> => {
  const { repo, arrived, night, out, attempt } = readJobEnvironment();
  const counts = await nodeCommand(nodeOf(), {
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
