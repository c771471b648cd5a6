// SPDX-License-Identifier: GPL-3.0-only
import { printableLines } from '../data/printable.ts';
import { cutText } from '../forge/github/cut-text.ts';
import { codeSpan, inlineText } from '../markdown/inline.ts';
import type { Summary } from './summary.ts';

/**
 * GitHub drops a job summary of more than 1 MiB whole and lets the step stay green.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const mostSummaryBytes = 1_000_000;

/** GitHub shows ten annotations of a kind per step. */
export const mostAnnotations = 10;

/** What is known of a night's jobs when it is reported. */
export type JobFacts = {
  /** `success`, `failure`, `cancelled` or `skipped`, by job. */
  readonly results: Readonly<Record<string, string>>;
  /** The text of `report.md`, where publish left one. */
  readonly report?: string | undefined;
  /** Specs that were decided not to be worked, where nothing was published. */
  readonly skipped?: readonly { readonly id: string; readonly reason: string }[] | undefined;
};

/** Markdown for a job summary, never over GitHub's limit: where it is cut, it says so. */
export const jobSummary = ({ results, report, skipped = [] }: JobFacts): string => {
  const broken = brokenJobs(results);
  const head = broken.length === 0 ? [] : ['## Jobs that broke', '', ...broken.map(brokenLine), ''];
  const body =
    report ??
    [
      '# Night',
      '',
      broken.length === 0
        ? 'There was nothing to work on tonight.'
        : 'Nothing was published; see the jobs above. The results of their units are in the artifacts.',
      ...(skipped.length > 0 ? ['', '## Skipped', ''] : []),
      ...skipped.map(({ id, reason }) => `- ${codeSpan(id)}: ${inlineText(reason)}`),
      '',
    ].join('\n');
  return cutText(printableLines([...head, body].join('\n')), {
    limit: mostSummaryBytes,
    sizeOf: Buffer.byteLength,
    whole: '`report.md` of the artifact `morning`',
  });
};

/** Jobs that neither ended well nor were left out. */
export const brokenJobs = (
  results: JobFacts['results'],
): readonly (readonly [job: string, result: string])[] =>
  Object.entries(results).filter(([, result]) => result !== 'success' && result !== 'skipped');

const brokenLine = ([job, result]: readonly [string, string]): string =>
  `- ${codeSpan(job)}: ${inlineText(result)}. Specs of the shards it did not finish are red; run its failed jobs again.`;

/** A line per red spec for annotations, the last one telling how many are not shown. */
export const redLines = ({ specs }: Pick<Summary, 'specs'>): readonly string[] => {
  const reds = specs.filter(({ outcome }) => outcome === 'red-bin');
  const lines = reds.map(
    ({ id, code, reason }) =>
      `${id}${code === undefined ? '' : ` (${code})`}: ${reason.split('\n')[0]?.slice(0, 1000)}`,
  );
  return lines.length <= mostAnnotations
    ? lines
    : [
        ...lines.slice(0, mostAnnotations - 1),
        `and ${lines.length - mostAnnotations + 1} more red specs, in the job's summary`,
      ];
};
