// SPDX-License-Identifier: GPL-3.0-only
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { type ArtifactName, formatArtifact } from '../../flow/compile/names.ts';
import { spansName } from '../../trace/otel-file.ts';
import type { Night } from '../record/night-schemas.ts';
import { signatureName } from '../record/night-statement.ts';

/** What publish leaves beside summary and report for who fetches the night: its journal, and what it signed. */
export const signedOnPublish = ['journal.jsonl', signatureName] as const;

/** A job that works one shard, a node of it or its whole flow, in one attempt. */
export type WorkingJob = Extract<ArtifactName, { readonly shard: number }>;

/** The name of a job's packs, the same in each attempt: a later one goes on where one broke off. No node is called `_flow`. */
export const packName = (job: WorkingJob): string =>
  `${job.kind === 'flow' ? '_flow' : job.node}.shard-${job.shard}`;

/** The name of a job's journal. */
export const journalName = (job: WorkingJob): string => `journal-${formatArtifact(job)}.jsonl`;

export const figuresPrefix = 'engines-';

/** The name of what a job tells of its engines. */
export const figuresName = (job: WorkingJob): string =>
  `${figuresPrefix}${formatArtifact(job)}.json`;

/** Makes a folder for what a job leaves. @throws UserError where something is in it. */
export const makeEmptyFolder = async (folder: string, advice: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length === 0) return;
  throw new UserError(`is not empty; ${advice}`, { place: { file: folder } });
};

const proposed = ['commit.bundle', 'pr.md', 'pull-request.json'];

/**
 * Whether a job leaves a file of that path, relative to the night's folder; `outputOf` says which
 * node a spec's flow ends with, and only that one leaves a pull request.
 */
export const isLeftBy = (
  job: WorkingJob,
  path: string,
  outputOf: (spec: string) => string | undefined,
): boolean => {
  const [spec = '', file, part, ...rest] = path.split('/');
  if (file === undefined) return spec === journalName(job) || spec === figuresName(job);
  if (rest.length > 0) return false;
  if (part === undefined && file === `${packName(job)}.zip`) return true;
  if (job.kind === 'node' && outputOf(spec) !== job.node) return false;
  return part === undefined
    ? file === spansName
    : file === 'pull-request' && proposed.includes(part);
};

/** Copies what a job made from the night's folder into another one. */
export const copyJobFiles = async (
  job: WorkingJob,
  specs: readonly string[],
  outputOf: (spec: string) => string | undefined,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<void> => {
  const paths = [
    journalName(job),
    figuresName(job),
    ...specs.flatMap((spec) => [
      `${spec}/${packName(job)}.zip`,
      `${spec}/${spansName}`,
      ...proposed.map((name) => `${spec}/pull-request/${name}`),
    ]),
  ].filter((path) => isLeftBy(job, path, outputOf));
  for (const path of paths) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await copyFile(join(from, path), join(into, path)).catch((error: NodeJS.ErrnoException) => {
      // Not every spec comes to every node, and not every node asks a model.
      if (error.code !== 'ENOENT') throw error;
    });
  }
};

/** The node each spec's flow ends with, by spec. */
export const outputsOf = ({
  flows,
  specs,
}: Pick<Night, 'flows' | 'specs'>): ((spec: string) => string | undefined) => {
  const bySpec = new Map(specs.map(({ spec, flow }) => [spec.id, flows[flow]?.output]));
  return (spec) => bySpec.get(spec);
};
