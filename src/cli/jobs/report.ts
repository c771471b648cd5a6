// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import type { JobFacts } from '../../morning/job-summary.ts';
import { type NightReport, runReportJob } from '../../night/jobs/report-job.ts';

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

/** What became of a night, as text. */
export const reportFrom = async (args: ReportArguments): Promise<NightReport> =>
  runReportJob({ ...args, results: readJobs(args.jobs ?? '{}') });

const jobsSchema = z.record(z.string(), z.object({ result: z.string() }));

const readJobs = (text: string): JobFacts['results'] => {
  try {
    const jobs = jobsSchema.parse(JSON.parse(text));
    return Object.fromEntries(Object.entries(jobs).map(([job, { result }]) => [job, result]));
  } catch (cause) {
    throw new UserError('--jobs: is not the context "needs" as JSON', { cause });
  }
};
