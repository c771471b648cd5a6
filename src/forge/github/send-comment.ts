// SPDX-License-Identifier: GPL-3.0-only

import { ForgeFault } from '../forge-fault.ts';
import type { CommentIntent, LabelsIntent } from '../intent.ts';
import { commentSchema, type IssueComment, isByRepository, labelListSchema } from './answers.ts';
import { cutText } from './cut-text.ts';
import { type GithubContext, githubRoutes } from './github-context.ts';
import { commentMarker } from './marker.ts';
import { type MayWrite, openPermissions } from './permissions.ts';

/**
 * Brings the one comment of that key on that issue up to date: edits it, writes it where it is
 * missing (unless it is only to be edited), and asks nothing more where it says so already.
 * @throws ForgeFault.
 */
export const sendComment = async (
  context: GithubContext,
  { issue, key, body, mode }: CommentIntent,
): Promise<void> => {
  const { client } = context;
  const issue_number = issue;
  const text = commentText(key, body);
  const comments = await client.pages(githubRoutes.listComments, { issue_number }, commentSchema);
  const existing = await findOwn(comments, key, openPermissions(context));
  if (existing && sameText(existing.body, text)) return;
  if (existing) {
    await client.call(
      githubRoutes.editComment,
      { comment_id: existing.id, body: text },
      commentSchema,
    );
  } else if (mode === 'write') {
    await client.call(githubRoutes.comment, { issue_number, body: text }, commentSchema);
  }
};

/** Adds and takes off labels; what is so already stays so. @throws ForgeFault. */
export const sendLabels = async (
  { client }: GithubContext,
  { issue, add, remove }: LabelsIntent,
): Promise<void> => {
  const issue_number = issue;
  for (const name of remove) {
    try {
      await client.call(githubRoutes.removeLabel, { issue_number, name }, labelListSchema);
    } catch (error) {
      // GitHub's word for a label that is not there, as for an issue that is not.
      if (!(error instanceof ForgeFault) || error.status !== 404) throw error;
      if (!/label does not exist/i.test(error.message)) throw error;
    }
  }
  if (add.length > 0) {
    await client.call(githubRoutes.addLabels, { issue_number, labels: add }, labelListSchema);
  }
};

/** What a comment of that key reads, within GitHub's limit; a text cut in a character loses its half. */
export const commentText = (key: string, body: string): string =>
  cutText(`${commentMarker(key)}\n${body}`).toWellFormed();

const sameText = (a: string, b: string): boolean => a.replaceAll('\r\n', '\n').trim() === b.trim();

/**
 * The comment of that key which was written by a bot or by somebody who may write here: a stranger
 * can write the marker too, and what they change in such a comment would be believed.
 * @throws ForgeFault.
 */
export const findOwn = async (
  comments: readonly IssueComment[],
  key: string,
  mayWrite: MayWrite,
): Promise<IssueComment | undefined> => {
  for (const comment of comments) {
    const { body, user } = comment;
    if (!user || !body.startsWith(commentMarker(key))) continue;
    if (user.type === 'Bot') return comment;
    if (isByRepository(comment) && (await mayWrite(user.login))) return comment;
  }
  return undefined;
};
