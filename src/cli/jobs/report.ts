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
