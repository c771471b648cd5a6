// SPDX-License-Identifier: GPL-3.0-only
import { workflowText } from './compile.ts';
import type { WorkflowJob } from './jobs.ts';
import type { CompileSettings } from './settings.ts';
import { checkOut, expression, runAction } from './steps.ts';

/** Where the workflow lies that trains by day. */
export const trainPath = '.github/workflows/train.yml';

/** What is trained, and by what. */
export type TrainSettings = CompileSettings & {
  readonly train: {
    readonly agents: readonly string[];
    readonly schedule: string;
    readonly base?: string | undefined;
    readonly method: string;
    readonly python: string;
    readonly heldOut: number;
    readonly profile?: string | undefined;
  };
};

/**
 * The workflow that trains, evaluates and proposes, on the runner whose state lasts. It waits for nights and nights for it;
 * only the job that opens the pull request has a token that writes.
 */
export const compileTrain = (settings: TrainSettings): string =>
  workflowText('pantheon.yaml', {
    name: 'train',
    on: { schedule: [{ cron: settings.train.schedule }], workflow_dispatch: {} },
    permissions: {},
    concurrency: {
      group: 'pantheon-night',
      'cancel-in-progress': false,
      ...(settings.server === 'github.com' && { queue: 'max' }),
    },
    jobs: { train: trainJob(settings), promote: promoteJob(settings) },
  } as { readonly jobs: Readonly<Record<string, WorkflowJob>> });

const oneByOne = ({ agents }: TrainSettings['train']): NonNullable<WorkflowJob['strategy']> => ({
  'fail-fast': false,
  'max-parallel': 1,
  matrix: { agent: [...agents] },
});

const agent = expression('matrix.agent');

const trainJob = (settings: TrainSettings): WorkflowJob => ({
  name: `train ${agent}`,
  'runs-on': settings.stateRunsOn,
  'timeout-minutes': settings.timeoutMinutes,
  permissions: { contents: ['read', 'the base commit'] },
  strategy: oneByOne(settings.train),
  steps: [
    checkOut(settings),
    runAction(settings, 'train-adapter', 'Train', 'train', {
      agent,
      ...(settings.train.base !== undefined && { base: settings.train.base }),
      method: settings.train.method,
      python: settings.train.python,
      'held-out': `${settings.train.heldOut}`,
    }),
  ],
});

const promoteJob = (settings: TrainSettings): WorkflowJob => ({
  name: `promote ${agent}`,
  needs: ['train'],
  'runs-on': settings.stateRunsOn,
  'timeout-minutes': settings.timeoutMinutes,
  permissions: {
    contents: ['write', 'the branch of the pull request'],
    'pull-requests': ['write', 'the pull request'],
  },
  strategy: oneByOne(settings.train),
  steps: [
    // Specs are worked on the commits of the nights that had them.
    checkOut(settings, { history: true }),
    runAction(settings, 'promote-adapter', 'Evaluate and promote', 'promote', {
      agent,
      ...(settings.train.profile !== undefined && { profile: settings.train.profile }),
      'held-out': `${settings.train.heldOut}`,
      token: expression('github.token'),
    }),
  ],
});
