// SPDX-License-Identifier: GPL-3.0-only
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../data/user-error.ts';
import { parseArtifact } from '../../flow/compile/names.ts';
import { type JobFacts, jobSummary } from '../../morning/job-summary.ts';
import { readSummary } from '../../morning/read-summary.ts';
import { renderReport } from '../../morning/report.ts';
import type { Summary } from '../../morning/summary.ts';
import { ArtifactFault, readContents } from './artifact-contents.ts';
import { gatherArtifacts } from './gather-artifacts.ts';

export type ReportJobOptions = Pick<JobFacts, 'results'> & {
  /** A night's folder, or one that publish left its summary in. */
  readonly night?: string | undefined;
  /** A folder per artifact of earlier jobs. */
  readonly artifacts?: string | undefined;
  /** sha256 of the `contents.json` of the night that is meant. */
  readonly digest?: string | undefined;
};

/** How a night went, as Markdown; `summary` where it was published. */
export type NightReport = Pick<JobFacts, 'results'> & {
  readonly text: string;
  readonly summary: Summary | undefined;
};

/** Writes up how a night went, also one of which nothing arrived. */
export const runReportJob = async (options: ReportJobOptions): Promise<NightReport> => {
  const { night, artifacts, digest, results } = options;
  const folder = artifacts === undefined ? night : await morningIn(artifacts, digest);
  const summary = folder === undefined ? undefined : await readSummary(folder);
  const facts: JobFacts = summary
    ? { results, report: renderReport(summary) }
    : { results, skipped: await skippedIn(options) };
  return { text: jobSummary(facts), results, summary };
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

/** Why specs were not worked, as the decided night says. */
const skippedIn = async ({ artifacts, digest }: ReportJobOptions): Promise<JobFacts['skipped']> => {
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
