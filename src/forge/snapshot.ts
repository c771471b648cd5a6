// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { UserError } from '../data/user-error.ts';
import { tickSchema } from './dashboard/ticks.ts';
import {
  type Forge,
  type IssueForge,
  listedPullRequestSchema,
  refusedIssueSchema,
} from './forge.ts';
import type { ReadOptions } from './intake/read-issue.ts';

/** What a night is decided on, read from a forge by who holds its token, for those who do not. */
export const forgeSnapshotSchema = z.strictObject({
  pulls: z.array(listedPullRequestSchema),
  branches: z.array(z.string()),
  renameAdvice: z.string(),
  /** What people ticked on the dashboard issue, oldest first. */
  ticks: z.array(tickSchema).optional(),
  /** The approved issues, of a forge that has some. */
  approved: z
    .strictObject({
      specs: z.array(
        z.strictObject({
          issue: z.int().positive(),
          id: z.string(),
          source: z.strictObject({ name: z.string(), text: z.string() }),
        }),
      ),
      refused: z.array(refusedIssueSchema),
      notices: z.array(z.string()),
    })
    .optional(),
});

export type ForgeSnapshot = Readonly<z.output<typeof forgeSnapshotSchema>>;

/** Reads all of it once; issues where it says how they are read. @throws UserError as the forge does. */
export const takeSnapshot = async (
  forge: Forge | IssueForge,
  issues?: ReadOptions,
): Promise<ForgeSnapshot> => {
  const { renameAdvice } = forge;
  const pulls = [...(await forge.list())];
  const branches = [...(await forge.branches())];
  const ticks = 'ticks' in forge ? [...(await forge.ticks())] : [];
  const approved = issues && 'approved' in forge ? await forge.approved(issues) : undefined;
  return {
    ...{ pulls, branches, renameAdvice },
    ...(ticks.length > 0 && { ticks }),
    ...(approved && {
      approved: {
        specs: [...approved.specs],
        refused: [...approved.refused],
        notices: [...approved.notices],
      },
    }),
  };
};

/**
 * Which of the branches of new pull requests cannot be made beside those that are there.
 * @throws UserError where none can.
 */
export const takenBranches = (
  { branches, renameAdvice }: Pick<ForgeSnapshot, 'branches' | 'renameAdvice'>,
  wanted: readonly string[],
): ReadonlySet<string> => {
  if (wanted.length > 0 && branches.includes('pantheon')) {
    throw new UserError(
      `The branch "pantheon" leaves no room for branches below it. ${renameAdvice}`,
    );
  }
  const taken = wanted.filter((branch) =>
    branches.some((name) => name === branch || name.startsWith(`${branch}/`)),
  );
  return new Set(taken);
};
