// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { Forge } from '../../forge/forge.ts';
import { runUrl } from '../../forge/run-url.ts';
import { fixedComment, redBinComment } from '../../morning/red-bin-comment.ts';
import { hasIssues } from '../open/open-forge.ts';
import type { EndedSpec } from './summarise-spec.ts';

/**
 * Says below the issue of a spec that ended red why it did: one comment, brought up to date by each
 * night, also by one that ends the spec well. An issue that cannot be answered costs the night nothing.
 */
export const tellIssue = async (
  forge: Forge,
  night: string,
  { decided, summary, transient }: EndedSpec,
): Promise<void> => {
  const { issue } = decided;
  if (issue === undefined || !hasIssues(forge)) return;
  const run = runUrl(process.env);
  const facts = { spec: summary, night, run, transient };
  try {
    if (summary.outcome === 'red-bin') {
      await forge.comment(issue, 'red-bin', redBinComment(facts));
    } else {
      await forge.comment(issue, 'red-bin', fixedComment(facts), 'edit');
    }
  } catch (error) {
    // Deleted or locked since; the outbox says so and keeps the text aside.
    if (!(error instanceof UserError)) throw error;
  }
};
