// SPDX-License-Identifier: GPL-3.0-only
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecSummary, Summary } from '../../../src/morning/summary.ts';
import { contentsName, sealFolder } from '../../../src/night/jobs/artifact-contents.ts';
import type { BundleFiles } from '../../../src/trace/bundle.ts';
import { openTraces } from '../../../src/trace/open-traces.ts';
import { start } from '../../cli/with-cli.ts';
import { temporaryFolder } from '../../workspace/with-repository.ts';
import type { Jobs } from './with-jobs.ts';

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
  ...more: readonly string[]
): Promise<{ readonly summary: Summary; readonly spec: (id: string) => SpecSummary }> => {
  const environment = { PANTHEON_STATE: join(temporaryFolder(t), 'state') };
  const args = ['publish', '--artifacts', artifacts, '--digest', digest, '--json', ...more];
  const { code, stdout, stderr } = await start(args, place.folder, environment);
  if (code !== 0) throw new Error(stderr);
  const summary: Summary = JSON.parse(stdout);
  return { summary, spec: (id) => summary.specs.find((spec) => spec.id === id) as SpecSummary };
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
