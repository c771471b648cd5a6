// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { UserError } from '../../data/user-error.ts';
import type { JobFacts } from '../../morning/job-summary.ts';
import {
  type NightReport,
  type ReportJobOptions,
  runReportJob,
} from '../../night/jobs/report-job.ts';

export type ReportArguments = Omit<ReportJobOptions, 'results'> & {
  /** The context `needs` of a workflow as JSON. */
  readonly jobs?: string | undefined;
};

/** `pantheon report`: prints how a night went, as Markdown. */
export const reportCommand = async (args: ReportArguments): Promise<void> => {
  const { text } = await reportFrom(args);
  process.stdout.write(text);
};

/** What became of a night, as text. */
export const reportFrom = async (args: ReportArguments): Promise<NightReport> =>
  runReportJob({ ...args, results: readJobs(args.jobs ?? '{}') });

const jobsSchema = z.record(
  z.string(),
  z.object({ result: z.string() }).transform(({ result }) => result),
);

const readJobs = (text: string): JobFacts['results'] => {
  try {
    return jobsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError('--jobs: is not the context "needs" as JSON', { cause });
  }
};
