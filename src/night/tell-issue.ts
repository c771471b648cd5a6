// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';
import type { Forge } from '../forge/forge.ts';
import { runUrl } from '../forge/run-url.ts';
import { redBinComment } from '../morning/red-bin-comment.ts';
import { hasIssues } from './open-forge.ts';
import type { Ended } from './summarise.ts';

/**
 * Says below the issue of a spec that ended red why it did: one comment, brought up to date by each
 * night. An issue that cannot be answered costs the night nothing.
 */
export const tellIssue = async (
  forge: Forge,
  night: string,
  { collected, summary, transient }: Ended,
): Promise<void> => {
  const { issue } = collected;
  if (issue === undefined || summary.outcome !== 'red-bin' || !hasIssues(forge)) return;
  const run = runUrl(process.env);
  const text = redBinComment({ spec: summary, night, run, transient });
  try {
    await forge.comment(issue, 'red-bin', text);
  } catch (error) {
    // Deleted or locked since; the outbox says so and keeps the text aside.
    if (!(error instanceof UserError)) throw error;
  }
};
