// SPDX-License-Identifier: GPL-3.0-only
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import { parseArtifact } from '../../flow/compile/names.ts';
import { type JobFacts, jobSummary } from '../../morning/job-summary.ts';
import { renderReport } from '../../morning/report.ts';
import { type Summary, summarySchema } from '../../morning/summary.ts';
import { ArtifactFault, readContents } from '../../night/jobs/artifact-contents.ts';
import { gatherArtifacts } from '../../night/jobs/gather-artifacts.ts';

export type ReportArguments = {
  /** A night's folder, or one that publish left its summary in. */
  readonly night?: string;
  readonly artifacts?: string;
  readonly digest?: string;
  /** The context `needs` of a workflow as JSON. */
  readonly jobs?: string;
};

/** `pantheon report`: prints how a night went, as Markdown. */
export const reportCommand = async (args: ReportArguments): Promise<void> => {
  const { text } = await reportFrom(args);
  process.stdout.write(text);
};

/** What is known of a night, as text; `summary` where it was published. */
export const reportFrom = async (
  args: ReportArguments,
): Promise<{
  readonly text: string;
  readonly results: JobFacts['results'];
  readonly summary: Summary | undefined;
}> => {
  const results = readJobs(args.jobs ?? '{}');
  const folder =
    args.artifacts === undefined ? args.night : await morningIn(args.artifacts, args.digest);
  const summary = folder === undefined ? undefined : await readSummary(folder);
  if (summary) {
    const report = renderReport(summary);
    return { text: jobSummary({ results, report }), results, summary };
  }
  return { text: jobSummary({ results, skipped: await skippedIn(args) }), results, summary };
};

const jobsSchema = z.record(z.string(), z.object({ result: z.string() }));

const readJobs = (text: string): JobFacts['results'] => {
  try {
    const jobs = jobsSchema.parse(JSON.parse(text));
    return Object.fromEntries(Object.entries(jobs).map(([job, { result }]) => [job, result]));
  } catch (cause) {
    throw new UserError('--jobs: is not the context "needs" as JSON', { cause });
  }
};

/** The folder that the latest try of publish left, of that night. */
const morningIn = async (
  artifacts: string,
  digest: string | undefined,
): Promise<string | undefined> => {
  const names = await readdir(artifacts).catch((): string[] => []);
  const mornings = names
    .map((text) => ({ text, name: parseArtifact(text) }))
    .filter(({ name }) => name?.kind === 'morning')
    .sort((a, b) => (b.name?.attempt ?? 0) - (a.name?.attempt ?? 0));
  const [latest] = mornings;
  if (!latest) return undefined;
  const folder = join(artifacts, latest.text);
  try {
    const { contents } = await readContents(folder, latest.text);
    return digest === undefined || contents.night === digest ? folder : undefined;
  } catch (error) {
    if (error instanceof ArtifactFault) return undefined;
    throw error;
  }
};

const readSummary = async (folder: string): Promise<Summary> => {
  const file = join(folder, 'summary.json');
  try {
    return summarySchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new UserError('is not the summary of a night that was published', {
      place: { file },
      cause,
    });
  }
};

/** Why specs were not worked, as the decided night says. */
const skippedIn = async ({ artifacts, digest }: ReportArguments): Promise<JobFacts['skipped']> => {
  if (artifacts === undefined) return undefined;
  try {
    const { night } = await gatherArtifacts({
      from: artifacts,
      into: `${artifacts}.night`,
      digest,
    });
    return night.specs.flatMap(({ spec, skip }) =>
      skip === undefined ? [] : [{ id: spec.id, reason: skip }],
    );
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
};
