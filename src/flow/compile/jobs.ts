// SPDX-License-Identifier: GPL-3.0-only
import { rootInput } from '../graph.ts';
import type { Flow, FlowNode } from '../schema.ts';
import { partName } from './names.ts';
import type { CompileSettings } from './settings.ts';
import {
  checkOut,
  expression,
  fetchArtifacts,
  leaveArtifact,
  leavePage,
  runAction,
  takeAppToken,
  type WorkflowStep,
} from './steps.ts';

/** A permission and what it is needed for. */
type Permissions = Readonly<Record<string, readonly ['read' | 'write', why: string]>>;

/** A job as a workflow has it, in the order its keys are written. */
export type WorkflowJob = {
  readonly name: string;
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly 'runs-on': readonly string[];
  readonly 'timeout-minutes': number;
  readonly permissions: Permissions;
  readonly strategy?: {
    readonly 'fail-fast': false;
    readonly 'max-parallel'?: number;
    readonly matrix: Readonly<Record<string, string | readonly string[]>>;
  };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly WorkflowStep[];
};

const nightOf = expression('needs.collect.outputs.night');
const whenWork = expression("!cancelled() && needs.collect.outputs.work == 'true'");

/** Also where nothing is worked: its token alone can send what an earlier night left in the outbox. */
const whenWriting = expression(
  "!cancelled() && (needs.collect.outputs.work == 'true' || needs.collect.outputs.waiting == 'true')",
);

/** Decides the night: the first job, on the runner whose state lasts. */
export const collectJob = (flow: Flow, settings: CompileSettings): WorkflowJob => ({
  name: 'collect',
  'runs-on': settings.stateRunsOn,
  'timeout-minutes': settings.timeoutMinutes,
  permissions: {
    contents: ['read', 'the base commit'],
    issues: ['read', 'specs filed as issues'],
    'pull-requests': ['read', 'which pull requests are open, merged or closed'],
  },
  outputs: Object.fromEntries(
    ['night', 'shards', 'of', 'work', 'waiting'].map((name) => [
      name,
      expression(`steps.collect.outputs.${name}`),
    ]),
  ),
  steps: [
    // A spec may ask for the date of a file's first or last commit.
    checkOut(settings, { history: true }),
    runAction(settings, 'collect-specs', 'Collect the queue', 'collect', {
      flow: flow.name,
      shards: settings.shards,
      date: expression('inputs.date'),
      specs: expression('inputs.specs'),
      retry: expression('inputs.retry'),
      token: expression('github.token'),
    }),
    leaveArtifact(settings, 'night', 'night', false),
  ],
});

/** Runs one node for each shard's specs; whatever another shard or node did, this one tries its own. */
export const nodeJob = (
  node: FlowNode,
  ids: ReadonlyMap<string, string>,
  settings: CompileSettings,
): WorkflowJob => {
  const before = node.inputs.filter((id) => id !== rootInput).map((id) => ids.get(id) ?? id);
  const folder = settings.actionFolders.get(node.agent) ?? 'run-node';
  return shardJob(settings, {
    title: node.id,
    needs: before,
    part: { kind: 'node', node: node.id },
    arrives: 'node.*',
    action: { folder, inputs: { node: node.id } },
  });
};

/** Runs the whole flow for each shard's specs: no start for each node, and no wait for other shards. */
export const flowJob = ({ name }: Flow, settings: CompileSettings): WorkflowJob =>
  shardJob(settings, {
    title: name,
    needs: [],
    part: { kind: 'flow' },
    arrives: 'flow',
    action: { folder: 'run-flow', inputs: {} },
  });

type ShardWork = {
  readonly title: string;
  readonly needs: readonly string[];
  readonly part: Parameters<typeof partName>[0];
  /** Beginning of the names of the shard's artifacts that it goes on with. */
  readonly arrives: string;
  readonly action: {
    readonly folder: string;
    readonly inputs: Readonly<Record<string, string>>;
  };
};

const shardJob = (
  settings: CompileSettings,
  { title, needs, part, arrives, action }: ShardWork,
): WorkflowJob => {
  const shard = expression('matrix.shard');
  return {
    name: `${title} (${shard})`,
    needs: ['collect', ...needs],
    if: whenWork,
    'runs-on': settings.runsOn,
    'timeout-minutes': settings.timeoutMinutes,
    permissions: { contents: ['read', 'the base commit'] },
    strategy: {
      'fail-fast': false,
      ...(settings.runners !== undefined && { 'max-parallel': settings.runners }),
      matrix: { shard: expression("fromJSON(needs.collect.outputs.shards || '[0]')") },
    },
    steps: [
      checkOut(settings),
      fetchArtifacts(settings, `{night.*,${arrives}.shard-${shard}.*}`),
      runAction(settings, action.folder, `Run ${title}`, part.kind, {
        ...action.inputs,
        shard,
        of: expression('needs.collect.outputs.of'),
        night: nightOf,
      }),
      leaveArtifact(settings, partName(part, shard), 'out', true),
    ],
  };
};

/** Opens the pull requests: the one job with a token that writes, and it runs no agent. */
export const publishJob = (jobs: readonly string[], settings: CompileSettings): WorkflowJob => ({
  name: 'publish',
  needs: ['collect', ...jobs],
  if: whenWriting,
  'runs-on': settings.stateRunsOn,
  'timeout-minutes': 120,
  permissions: settings.app
    ? { contents: ['read', 'the base commit'] }
    : {
        contents: ['write', 'branches of pull requests'],
        issues: ['write', 'comments and labels on specs'],
        'pull-requests': ['write', 'pull requests'],
      },
  steps: [
    // What is pushed must rest on the branch it goes into, also where that has moved on.
    checkOut(settings, { history: true }),
    fetchArtifacts(settings, settings.jobs === 'flow' ? '{night.*,flow.*}' : '{night.*,node.*}'),
    ...(settings.app ? [takeAppToken(settings, settings.app)] : []),
    runAction(settings, 'publish', 'Publish what the gate approved', 'publish', {
      night: nightOf,
      'dry-run': expression("inputs.dry-run || 'false'"),
      token: expression('github.token'),
      ...(settings.app && { 'app-token': expression('steps.app.outputs.token') }),
    }),
    leaveArtifact(settings, 'morning', 'morning', true),
    ...leavePage(settings),
  ],
});

/** Says how the night went, however it went. */
export const reportJob = (jobs: readonly string[], settings: CompileSettings): WorkflowJob => ({
  name: 'report',
  needs: ['collect', ...jobs, 'publish'],
  if: expression('always()'),
  'runs-on': settings.runsOn,
  'timeout-minutes': 30,
  permissions: {
    ...(settings.actions === undefined && {
      contents: ['read', "this repository's own actions"] as const,
    }),
  },
  steps: [
    ...(settings.actions === undefined ? [checkOut(settings)] : []),
    fetchArtifacts(settings, '{night.*,morning.*}'),
    runAction(settings, 'morning-report', 'Report', 'report', {
      night: nightOf,
      jobs: expression('toJSON(needs)'),
    }),
  ],
});
