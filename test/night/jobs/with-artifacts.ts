// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecSummary, Summary } from '../../../src/morning/summary.ts';
import { contentsName, sealFolder } from '../../../src/night/jobs/artifact-contents.ts';
import { type PublishJobOptions, runPublishJob } from '../../../src/night/jobs/publish-job.ts';
import { stateAt } from '../../../src/night/record/state-folder.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { resolveRepository } from '../../../src/workspace/repository.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import { type Jobs, running } from './with-jobs.ts';

export type Cleaning = { readonly teardown: (clean: () => void) => void };

/** A copy of the artifacts, to do harm to. */
export const copyOf = (t: Cleaning, artifacts: string): string => {
  const folder = join(temporaryFolder(t), 'artifacts');
  cpSync(artifacts, folder, { recursive: true });
  return folder;
};

/** What a summary says of its specs. */
export const told = ({ specs }: Pick<Summary, 'specs'>) =>
  specs.map(({ id, outcome, reason, branch, commit, units, unitDetails }) => ({
    id,
    outcome,
    reason,
    branch,
    commit,
    units,
    unitDetails,
  }));

/** Publishes as a job of its own does, into a state folder of its own. */
export const publishAlone = async (
  t: Cleaning,
  { place, digest }: Jobs,
  artifacts: string,
  more: Partial<PublishJobOptions> = {},
) => {
  const state = stateAt(join(temporaryFolder(t), 'state'));
  const repository = await resolveRepository(place.folder);
  const { summary } = await runPublishJob({
    ...{ ...running, repository, state, artifacts, digest },
    attempt: 1,
    dryRun: false,
    otherwise: 'local',
    ...more,
  });
  return {
    summary,
    state,
    spec: (id: string) => summary.specs.find((spec) => spec.id === id) as SpecSummary,
  };
};

/** What the job of `work` left for a shard. */
export const workOf = (artifacts: string, shard = 0): string =>
  join(artifacts, `node.work.shard-${shard}.attempt-1`);

/** Lists what lies in a folder anew, as somebody would who also changed something. */
export const reseal = (
  folder: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const { artifact, night, complete } = JSON.parse(
    readFileSync(join(folder, contentsName), 'utf8'),
  );
  rmSync(join(folder, contentsName));
  return sealFolder(folder, { artifact, night, complete, ...more });
};

/** Leaves a pack of one bundle in place of a job's own for the spec `one`, sealed as a job does. */
export const forgePack = async (
  folder: string,
  { unit, node }: { readonly unit: string; readonly node: string },
  files: BundleFiles,
  night = '2026-11-01',
): Promise<void> => {
  const name = `${node}.shard-0`;
  const address = { spec: 'one', unit, node };
  rmSync(join(folder, 'one', `${name}.zip`));
  const traces = openTraces(folder, { pack: name });
  traces.write(address, files, { night, agent: 'x@1.0.0', inputs: [] });
  traces.pack('one');
  await reseal(folder);
};

/** Puts one text in another's place, in a file of bytes. */
export const flip = (file: string, from: string, to: string): void => {
  const bytes = readFileSync(file, 'latin1');
  writeFileSync(file, bytes.replace(from, to), 'latin1');
};
