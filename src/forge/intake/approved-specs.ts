// SPDX-License-Identifier: GPL-3.0-only

import type { CodedReason, FindingCode } from '../../data/findings/table.ts';
import type { ApprovedSpecs, RefusedIssue } from '../forge.ts';
import { ForgeFault } from '../forge-fault.ts';
import type { GithubIssue } from '../github/answers.ts';
import type { GithubContext } from '../github/github-context.ts';
import { listApproved } from './list-approved.ts';
import { type ReadOptions, readIssue } from './read-issue.ts';
import { sourceName } from './source-name.ts';
import { judgeApproval } from './take-in.ts';

/**
 * The specs of the open issues that have the approving label and were approved as they are now: who
 * set it and what it covers is checked again. @throws ForgeFault.
 */
export const approvedSpecs = async (
  context: GithubContext,
  options: ReadOptions,
): Promise<ApprovedSpecs> => {
  const specs: ApprovedSpecs['specs'][number][] = [];
  const refused: RefusedIssue[] = [];
  const notices: string[] = [];
  for (const issue of await listApproved(context)) {
    const { number } = issue;
    const approved = await approvedSpec(context, issue, options).catch(asGone);
    if (approved === undefined)
      notices.push(`Issue #${number} is not worked: it no longer exists.`);
    else if ('refusal' in approved) refused.push({ issue: number, ...approved.refusal });
    else specs.push(approved);
  }
  return { specs, refused, notices };
};

/** An issue that was deleted or transferred since it was listed costs no other its night. */
const asGone = (error: unknown): undefined => {
  if (error instanceof ForgeFault && [301, 404, 410].includes(error.status ?? 0)) return undefined;
  throw error;
};

const refuse = (code: FindingCode, reason: string): { readonly refusal: CodedReason } => ({
  refusal: { code, reason },
});

const approvedSpec = async (
  context: GithubContext,
  issue: GithubIssue,
  options: ReadOptions,
): Promise<ApprovedSpecs['specs'][number] | { readonly refusal: CodedReason }> => {
  const understood = readIssue(issue, options);
  if ('mistakes' in understood) {
    return refuse('intake.invalid', `it is not a valid spec (${understood.mistakes[0] ?? ''})`);
  }
  const judged = await judgeApproval(context, issue, understood.digest);
  if ('refusal' in judged) return refuse('intake.not-approved', judged.refusal);
  // The label alone pins nothing yet: the intake writes down what it covers.
  if (judged.state?.state !== 'approved') {
    return refuse('intake.not-recorded', 'the intake has not recorded its approval');
  }
  const source = { name: sourceName(issue.number), text: understood.yaml };
  return { issue: issue.number, id: understood.spec.id, source };
};
