// SPDX-License-Identifier: GPL-3.0-only
import { Document, isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { sha256 } from '../../data/digest.ts';
import { flowOrder } from '../graph.ts';
import type { Flow } from '../schema.ts';
import { collectJob, flowJob, nodeJob, publishJob, reportJob, type WorkflowJob } from './jobs.ts';
import { jobIds } from './names.ts';
import type { CompileSettings } from './settings.ts';

/** Where a flow's workflow lies in a repository. */
export const workflowPath = ({ name }: Pick<Flow, 'name'>): string =>
  `.github/workflows/night-${name}.yml`;

/** The workflow of a flow as text: the same flow and settings give the same bytes. */
export const compileFlow = (flow: Flow, settings: CompileSettings): string => {
  const working = workingJobs(flow, settings);
  const jobs = Object.keys(working);
  const workflow = {
    name: `night ${flow.name}`,
    on: {
      schedule: [{ cron: settings.schedule }],
      workflow_dispatch: { inputs: dispatchInputs },
    },
    permissions: {},
    concurrency: {
      group: 'pantheon-night',
      'cancel-in-progress': false,
      // Of more than one that waits, GitHub cancels all but the last unless told otherwise; a night
      // that somebody starts by hand waits beside those of the schedule.
      ...(settings.server === 'github.com' && { queue: 'max' }),
    },
    jobs: {
      collect: collectJob(flow, settings),
      ...working,
      publish: publishJob(jobs, settings),
      report: reportJob(jobs, settings),
    },
  };
  return workflowText(`flows/${flow.name}.yaml and pantheon.yaml`, workflow);
};

/** The jobs between collect and publish, in their order. */
const workingJobs = (
  flow: Flow,
  settings: CompileSettings,
): Readonly<Record<string, WorkflowJob>> => {
  if (settings.jobs === 'flow') return { flow: flowJob(flow, settings) };
  const ids = jobIds(flow);
  return Object.fromEntries(
    flowOrder(flow).map((node) => [ids.get(node.id) ?? node.id, nodeJob(node, ids, settings)]),
  );
};

type Workflow = { readonly jobs: Readonly<Record<string, WorkflowJob>> };

/** A workflow as text; `from` says what it is compiled from. */
export const workflowText = (from: string, workflow: Workflow): string => {
  const body = render(workflow);
  return `${heading(from, sha256(body))}${body}`;
};

const dispatchInputs = {
  date: { description: "The night's date, such as 2026-11-21 (default: now)", type: 'string' },
  specs: { description: 'Work only these specs: ids, separated by commas', type: 'string' },
  retry: {
    description: 'Work this spec again although nothing has changed: its id',
    type: 'string',
  },
  'dry-run': {
    description: 'Open no pull request and comment on nothing',
    type: 'boolean',
    default: false,
  },
};

const heading = (from: string, digest: string): string =>
  [
    `# Compiled from ${from} by "pantheon flow compile"; do not edit.`,
    `# sha256 of what follows: ${digest}`,
    '',
  ].join('\n');

/** As YAML, with versions and reasons as comments. */
const render = (workflow: Workflow): string => {
  const document = new Document(workflow, { aliasDuplicateObjects: false });
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || !isMap(value)) return;
      if (key.value === 'permissions') {
        for (const pair of value.items) pair.value = withReason(pair.value);
      } else if (key.value === 'jobs') {
        for (const pair of value.items.slice(1)) (pair.key as Scalar).spaceBefore = true;
      }
    },
    Map: (_, step) => {
      const comment = step.get('comment');
      const uses = step.get('uses', true);
      if (!isScalar(uses) || comment === undefined) return;
      step.delete('comment');
      uses.comment = ` ${String(comment)}`;
    },
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
};

/** `[access, why]` becomes the access with the reason behind it. */
const withReason = (pair: unknown): unknown => {
  const [access, why] = isSeq(pair) ? pair.items : [];
  if (isScalar(access) && isScalar(why)) access.comment = ` ${String(why.value)}`;
  return access;
};

/** How a workflow that is present compares with what would be compiled now. */
export type Drift = 'same' | 'missing' | 'edited' | 'outdated';

/** `edited`: by hand, for it is not even what its own heading says. */
export const driftOf = (present: string | undefined, compiled: string): Drift => {
  if (present === undefined) return 'missing';
  if (present === compiled) return 'same';
  const [, digest, body = ''] =
    /^#[^\n]*\n# sha256 of what follows: (\w+)\n([\s\S]*)$/.exec(present) ?? [];
  return digest === sha256(body) ? 'outdated' : 'edited';
};
