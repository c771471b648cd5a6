// SPDX-License-Identifier: GPL-3.0-only
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { dashboardItemSchema } from './item.ts';

const dashboardFileSchema = z.strictObject({
  version: z.literal(1),
  /** `owner/name`: what is known of one repository's issue says nothing of another's. */
  repository: z.string(),
  /** Number of the issue; none where it is still to be made. */
  issue: z.int().positive().nullable(),
  items: z.array(dashboardItemSchema),
  /** Lines of its boxes: only these can be ticked. */
  boxes: z.array(z.string()),
  /** Its edits when it was written last; none where they could not be read. */
  edits: z.strictObject({ total: z.int().min(0), ids: z.array(z.string()) }).nullable(),
  /** Lines of boxes whose tick was dealt with, one way or the other. */
  settled: z.array(z.string()),
  /** What people are told about ticks that had no effect, newest first. */
  notes: z.array(z.strictObject({ at: z.iso.datetime(), text: z.string() })),
});

/** What was written to the dashboard issue last: nothing that the issue itself says is believed beside it. */
export type DashboardFile = Readonly<z.output<typeof dashboardFileSchema>>;

/** A dashboard of which nothing is written yet. */
const nothing = (repository: string): DashboardFile => ({
  version: 1,
  repository,
  issue: null,
  items: [],
  boxes: [],
  edits: null,
  settled: [],
  notes: [],
});

/** What is on disk; nothing where it is missing, of another repository or of another version. */
export const readDashboardFile = async (
  file: string,
  repository: string,
): Promise<DashboardFile> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return nothing(repository);
  try {
    const recorded = dashboardFileSchema.parse(JSON.parse(text));
    return recorded.repository === repository ? recorded : nothing(repository);
  } catch {
    // Without it no tick counts until the issue is written again.
    return nothing(repository);
  }
};

/** Replaces it whole. */
export const writeDashboardFile = async (file: string, dashboard: DashboardFile): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(dashboard)}\n`);
  await rename(`${file}.new`, file);
};
