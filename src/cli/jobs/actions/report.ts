// SPDX-License-Identifier: GPL-3.0-only
import { brokenJobs, mostAnnotations, redLines } from '../../../morning/job-summary.ts';
import { reportFrom } from '../report.ts';
import { optionalInput, readJobEnvironment } from './job-environment.ts';
import type { Annotation } from './quiet-runner.ts';

/** Writes the job's summary and gives its annotations, within what GitHub takes. */
export const reportAction = async (): Promise<readonly Annotation[]> => {
  const { arrived } = readJobEnvironment();
  const { text, results, summary } = await reportFrom({
    artifacts: arrived,
    digest: optionalInput('night'),
    jobs: optionalInput('jobs'),
  });
  process.stdout.write(text);
  if (process.env.GITHUB_STEP_SUMMARY) {
    const { summary: page } = await import('@actions/core');
    await page.addRaw(text).write();
  }
  const broken = brokenJobs(results).slice(0, mostAnnotations);
  const red = summary ? redLines(summary) : [];
  return [
    ...broken.map(([job, result]): Annotation => ['error', `The job ${job} ended with ${result}.`]),
    ...red.map((line): Annotation => ['warning', line]),
  ];
};
