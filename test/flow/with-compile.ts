// SPDX-License-Identifier: GPL-3.0-only
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compileFlow } from '../../src/flow/compile/compile.ts';
import type { CompileSettings } from '../../src/flow/compile/settings.ts';
import { expression } from '../../src/flow/compile/steps.ts';
import { loadFlow } from '../../src/flow/load-flow.ts';
import type { Flow } from '../../src/flow/schema.ts';

export const settings: CompileSettings = {
  schedule: '17 2 * * *',
  runsOn: ['self-hosted', 'pantheon'],
  stateRunsOn: ['self-hosted', 'pantheon', 'state'],
  jobs: 'node',
  shards: 4,
  timeoutMinutes: 300,
  retentionDays: 14,
  server: 'github.com',
  actions: `acme/pantheon@${'ab12'.repeat(10)} # v1.2.3`,
  actionFolders: new Map([['plan.validate', 'plan-validate']]),
};

export const shipped = (name: string): Flow => {
  const file = `flows/${name}.yaml`;
  return loadFlow({ name: file, text: readFileSync(file, 'utf8') });
};

const node = (id: string, ...inputs: readonly string[]) => ({
  id,
  agent: 'x',
  inputs: [...inputs],
});

/** Names that are hard to carry over: dots, a digit first, one that is taken, text that is code elsewhere. */
export const odd: Flow = {
  name: 'odd',
  entry: 'a.b',
  output: 'report',
  nodes: [
    node('report', 'a-b', '1st'),
    node('a-b', 'a.b'),
    node('1st', 'a.b'),
    { ...node('a.b', 'root'), with: { text: `${expression('github.token')} "x" '` } },
  ],
};

type Job = {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly 'runs-on': readonly string[];
  readonly 'timeout-minutes': number;
  readonly permissions: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly 'fail-fast': boolean;
    readonly 'max-parallel'?: number;
    readonly matrix: { readonly shard: string };
  };
  readonly steps: readonly {
    readonly uses: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly run?: string;
  }[];
};

type Workflow = {
  readonly on: {
    readonly schedule: readonly { readonly cron: string }[];
    readonly workflow_dispatch: { readonly inputs: Readonly<Record<string, unknown>> };
  };
  readonly permissions: unknown;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
};

export const compiled = (flow: Flow, more: Partial<CompileSettings> = {}): Workflow =>
  parse(compileFlow(flow, { ...settings, ...more }));

export const jobOf = ({ jobs }: Workflow, id: string): Job => {
  const job = jobs[id];
  if (!job) throw new Error(`there is no job ${id} in ${Object.keys(jobs).join(', ')}`);
  return job;
};
