// SPDX-License-Identifier: GPL-3.0-only
import { error, summary as jobSummaryFile, warning } from '@actions/core';
import { brokenJobs, mostAnnotations, redLines } from '../../morning/job-summary.ts';
import { reportFrom } from '../report.ts';
import { optional, readJob } from './job.ts';

/** Writes the job's summary and annotations, within what GitHub takes. */
export const reportAction = async (): Promise<void> => {
  const { arrived } = readJob();
  const [digest, jobs] = [optional('night'), optional('jobs')];
  const { text, results, summary } = await reportFrom({
    artifacts: arrived,
    ...(digest !== undefined && { digest }),
    ...(jobs !== undefined && { jobs }),
  });
  process.stdout.write(text);
  if (process.env.GITHUB_STEP_SUMMARY) await jobSummaryFile.addRaw(text).write();
  for (const [job, result] of brokenJobs(results).slice(0, mostAnnotations)) {
    error(`The job ${job} ended with ${result}.`);
  }
  for (const line of summary ? redLines(summary) : []) warning(line);
};
