// SPDX-License-Identifier: GPL-3.0-only

import { type IssueComment, type LabelEvent, labelEventSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import type { MayWrite } from '../github/permissions.ts';
import type { IntakeState } from './comment-text.ts';
import { intakeLabels } from './form.ts';

/** Who approved an issue, by which event; or why nobody has. */
export type Approver =
  | { readonly login: string; readonly event: number; readonly at: string }
  | { readonly refusal: string };

/** Who set the approving label that an issue has now, checked again. @throws ForgeFault. */
export const findApprover = async (
  { client }: GithubContext,
  issue_number: number,
  mayWrite: MayWrite,
): Promise<Approver> => {
  const events = await client.pages(githubRoutes.events, { issue_number }, labelEventSchema);
  const last = events.filter(isOfApproval).at(-1);
  if (last?.event !== 'labeled') return { refusal: 'it is not known who set the label' };
  return judge(last, mayWrite);
};

const isOfApproval = ({ event, label }: LabelEvent): boolean =>
  (event === 'labeled' || event === 'unlabeled') &&
  label?.name.toLowerCase() === intakeLabels.approved;

const judge = async (event: LabelEvent, mayWrite: MayWrite): Promise<Approver> => {
  const { actor, id, created_at: at } = event;
  if (!actor) return { refusal: 'GitHub does not say who set the label' };
  const { login, type } = actor;
  if (type !== 'User' || login.endsWith('[bot]') || event.performed_via_github_app) {
    return { refusal: `${login} set the label, and a bot cannot approve` };
  }
  if (!(await mayWrite(login))) {
    return { refusal: `${login} set the label but has no write access` };
  }
  return { login, event: id, at };
};

/**
 * Why an approval does not cover a digest: it covers what the intake's comment showed when the label
 * was set, and nothing that was edited since.
 */
export const coverFault = (
  approver: Extract<Approver, { readonly login: string }>,
  digest: string,
  comment: Pick<IssueComment, 'updated_at'> | undefined,
  state: IntakeState | undefined,
): string | undefined => {
  if (state?.state === 'approved') {
    if (state.event === approver.event) {
      return state.digest === digest ? undefined : 'the issue was edited after it was approved';
    }
  }
  if (!comment || !state || state.state === 'invalid') {
    return 'the label was set before the spec was found valid; read it and set the label again';
  }
  if (state.digest !== digest) return 'the issue was edited while it was approved';
  // Times are whole seconds: nobody has read what changed in the very second.
  return Date.parse(comment.updated_at) < Date.parse(approver.at)
    ? undefined
    : 'the text shown here has changed since the label was set; read it and set the label again';
};
