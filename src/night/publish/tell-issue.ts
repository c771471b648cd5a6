// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { Forge } from '../../forge/forge.ts';
import { runUrl } from '../../forge/run-url.ts';
import { fixedComment, redBinComment, refusedComment } from '../../morning/red-bin-comment.ts';
import { hasIssues } from '../open/open-forge.ts';
import type { Night } from '../record/night-schemas.ts';
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
  if (issue === undefined) return;
  const run = runUrl(process.env);
  const facts = { spec: summary, night, run, transient };
  await (summary.outcome === 'red-bin'
    ? say(forge, issue, redBinComment(facts))
    : say(forge, issue, fixedComment(facts), 'edit'));
};

/** Says below the approved issues that a night did not work why it did not. */
export const tellRefused = async (
  forge: Forge,
  { id, refused = [] }: Pick<Night, 'id' | 'refused'>,
): Promise<void> => {
  for (const { issue, ...why } of refused) await say(forge, issue, refusedComment(id, why));
};

const say = async (
  forge: Forge,
  issue: number,
  text: string,
  mode?: 'edit' | 'write',
): Promise<void> => {
  if (!hasIssues(forge)) return;
  try {
    await forge.comment(issue, 'red-bin', text, mode);
  } catch (error) {
    // Deleted or locked since; the outbox says so and keeps the text aside.
    if (!(error instanceof UserError)) throw error;
  }
};
