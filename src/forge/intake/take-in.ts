// SPDX-License-Identifier: GPL-3.0-only
import type { IntakeResult, LabelChange } from '../forge.ts';
import {
  commentSchema,
  type GithubIssue,
  type IssueComment,
  issueSchema,
  labelsOf,
} from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { openPermissions } from '../github/permissions.ts';
import { findOwn } from '../github/send-comment.ts';
import { coverFault, findApprover } from './approval.ts';
import {
  approvedText,
  type IntakeState,
  intakeKey,
  invalidText,
  readState,
  validText,
} from './comment-text.ts';
import { formFields, intakeLabels } from './form.ts';
import { queueFaults } from './queue-faults.ts';
import { type ReadOptions, readIssue } from './read-issue.ts';

/** What is to be written below an issue; nothing where it is not a spec. */
export type IntakeAnswer = {
  readonly taken: IntakeResult;
  readonly text: string;
  readonly labels: LabelChange;
};

/** Reads an issue and decides what to answer. Writes nothing. @throws ForgeFault. */
export const takeIn = async (
  context: GithubContext,
  issue_number: number,
  options: ReadOptions,
): Promise<IntakeAnswer | undefined> => {
  const issue = await context.client.call(githubRoutes.issue, { issue_number }, issueSchema);
  const labels = lowerLabels(issue);
  if (issue.pull_request || issue.state !== 'open' || !isSpec(issue)) return undefined;
  const understood = readIssue(issue, options);
  if ('mistakes' in understood) {
    const { mistakes } = understood;
    return answer('invalid', labels, invalidText(mistakes), mistakes);
  }
  const { spec, yaml, digest } = understood;
  const faults = await queueFaults(context, issue, understood, options);
  const objections = faults.length > 0 ? faults : ((await options.plan?.(spec)) ?? []);
  if (objections.length > 0) return answer('invalid', labels, invalidText(objections), objections);
  if (!labels.includes(intakeLabels.approved)) {
    return answer('valid', labels, validText(yaml, digest), []);
  }
  const judged = await judgeApproval(context, issue, digest);
  return 'refusal' in judged
    ? answer('valid', labels, validText(yaml, digest, judged.refusal), [judged.refusal])
    : answer('approved', labels, approvedText(yaml, digest, judged), []);
};

/** Who approved just this digest; or why it is not approved. @throws ForgeFault. */
export const judgeApproval = async (
  context: GithubContext,
  { number }: Pick<GithubIssue, 'number'>,
  digest: string,
): Promise<
  | {
      readonly login: string;
      readonly event: number;
      readonly state: IntakeState | undefined;
    }
  | { readonly refusal: string }
> => {
  const mayWrite = openPermissions(context);
  const approver = await findApprover(context, number, mayWrite);
  if ('refusal' in approver) return approver;
  const asked = { issue_number: number };
  const comments = await context.client.pages(githubRoutes.listComments, asked, commentSchema);
  const comment: IssueComment | undefined = await findOwn(comments, intakeKey, mayWrite);
  const state = comment && readState(comment.body);
  const refusal = coverFault(approver, digest, comment, state);
  return refusal === undefined ? { ...approver, state } : { refusal };
};

/** To GitHub a label is the same in any case of its letters, and keeps the case it was made with. */
const lowerLabels = (issue: GithubIssue): readonly string[] =>
  labelsOf(issue).map((label) => label.toLowerCase());

/** GitHub sets the form's label only where the repository has one of that name. */
const isSpec = (issue: GithubIssue): boolean => {
  const labels = lowerLabels(issue);
  return (
    Object.values(intakeLabels).some((label) => labels.includes(label)) ||
    (issue.body ?? '').trimStart().startsWith(`### ${formFields[0]?.label}`)
  );
};

const answer = (
  state: 'invalid' | 'valid' | 'approved',
  labels: readonly string[],
  text: string,
  lines: readonly string[],
): IntakeAnswer => {
  const { spec, ready, invalid, approved } = intakeLabels;
  const wanted: readonly string[] =
    state === 'invalid' ? [invalid] : state === 'valid' ? [ready] : [ready, approved];
  return {
    taken: { state, lines },
    text,
    labels: {
      add: [spec, ...wanted].filter((label) => !labels.includes(label)),
      remove: [ready, invalid, approved].filter(
        (label) => labels.includes(label) && !wanted.includes(label),
      ),
    },
  };
};
