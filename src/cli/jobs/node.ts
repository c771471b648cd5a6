// SPDX-License-Identifier: GPL-3.0-only
import { basename, dirname, join, resolve } from 'node:path';
import type { NodeJobOptions } from '../../night/jobs/run-node-job.ts';
import { parseShard } from '../../night/record/shard.ts';
import type { NodeCounts } from '../../night/spec/run-one-node.ts';
import { atNight } from '../shared/at-night.ts';
import { readCount } from '../shared/count-option.ts';
import { locate } from '../shared/state.ts';

export type NodeArguments = Pick<NodeJobOptions, 'artifacts' | 'digest' | 'out' | 'agent'> & {
  readonly repo: string;
  /** `traces/<night>`. */
  readonly night: string;
  readonly json?: true;
  /** `0/4`: only the specs of this shard. */
  readonly shard?: string;
  readonly attempt?: string;
};

/** `pantheon node`: exit code 0 when every unit reached an end. Without a node all of the flow runs. */
export const nodeCommand = async (
  node: string | undefined,
  args: NodeArguments,
): Promise<NodeCounts> => {
  const folder = resolve(args.night);
  const farewell = 'Interrupted; run the node again to finish it.';
  const counts = await atNight({ quiet: args.json === true }, farewell, async (running) => {
    const { z } = await import('zod');
    // What this process parses, it parses a few times: compiling parsers for it costs more than it saves.
    z.config({ jitless: true });
    const { runNodeJob } = await import('../../night/jobs/run-node-job.ts');
    const { workerOf } = await import('../shared/worker.ts');
    const { artifacts, digest, out, agent } = args;
    return runNodeJob({
      ...{ ...running, node, folder, artifacts, digest, out, agent, workerOf },
      ...(await locate(args.repo)),
      ...(args.shard !== undefined && { shard: parseShard(args.shard) }),
      attempt: readCount('--attempt', args.attempt ?? '1'),
    });
  });
  print(node ?? 'flow', folder, counts, args.json === true);
  return counts;
};

const print = (node: string, folder: string, counts: NodeCounts, json: boolean): void => {
  const { ok, failed, skipped } = counts;
  const where = join(basename(dirname(folder)), basename(folder));
  process.stdout.write(
    json
      ? `${JSON.stringify(counts)}\n`
      : `${node}: ${ok} ok, ${failed} failed, ${skipped} skipped in ${where}\n`,
  );
};
