// SPDX-License-Identifier: GPL-3.0-only
import { parse } from 'yaml';
import { compileFlow } from '../../src/flow/compile/compile.ts';
import type { CompileSettings } from '../../src/flow/compile/settings.ts';
import type { Flow, FlowNode } from '../../src/flow/schema.ts';

export const settings = (shards: number): CompileSettings => ({
  schedule: '17 2 * * *',
  runsOn: ['self-hosted', 'pantheon'],
  stateRunsOn: ['self-hosted', 'pantheon'],
  jobs: 'node',
  shards,
  timeoutMinutes: 300,
  retentionDays: 14,
  server: 'github.com',
  actions: `acme/pantheon@${'ab12'.repeat(10)} # v1.0.0`,
  actionFolders: new Map(),
});

/** The shipped shape: plan, work, test, two reviews and the gate. */
export const sixNodes = (name: string): Flow => {
  const node = (id: string, ...inputs: readonly string[]): FlowNode => ({
    id,
    agent: `${id}.agent`,
    inputs: [...inputs],
  });
  return {
    name,
    entry: 'plan',
    output: 'merge',
    nodes: [
      node('plan', 'root'),
      node('work', 'plan'),
      node('test', 'work'),
      node('reviewA', 'work', 'test'),
      node('reviewB', 'work', 'test'),
      node('merge', 'reviewA', 'reviewB'),
    ],
  };
};

/** Milliseconds to compile so many flows, the median of several times. */
export const timeCompile = (flows: number, times = 7): number => {
  const all = Array.from({ length: flows }, (_, index) => sixNodes(`flow-${index}`));
  const taken = Array.from({ length: times }, () => {
    const started = performance.now();
    for (const flow of all) compileFlow(flow, settings(4));
    return performance.now() - started;
  });
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
};

/** Jobs that GitHub runs for a compiled flow: one per node and shard, and those that are not sharded. */
export const jobCount = (flow: Flow, shards: number): number => {
  const { jobs } = parse(compileFlow(flow, settings(shards))) as {
    readonly jobs: Readonly<Record<string, { readonly strategy?: unknown }>>;
  };
  return Object.values(jobs).reduce((sum, { strategy }) => sum + (strategy ? shards : 1), 0);
};
