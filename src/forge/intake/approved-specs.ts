// SPDX-License-Identifier: GPL-3.0-only

import type { CodedReason, FindingCode } from '../../data/findings/table.ts';
import type { Tick } from '../dashboard/ticks.ts';
import type { ApprovedSpecs, RefusedIssue } from '../forge.ts';
import { ForgeFault } from '../forge-fault.ts';
import { type GithubIssue, issueSchema } from '../github/answers.ts';
import { type GithubContext, githubRoutes } from '../github/github-context.ts';
import { type MayWrite, openPermissions } from '../github/permissions.ts';
import { listApproved } from './list-approved.ts';
import { type ReadOptions, readIssue } from './read-issue.ts';
import { sourceName } from './source-name.ts';
import { judgeApproval } from './take-in.ts';

/**
 * The specs of the open issues that have the approving label, or were ticked on the dashboard, and were
 * approved as they are now: by whom and what that covers is checked again. @throws ForgeFault.
 */
export const approvedSpecs = async (
  context: GithubContext,
  options: ReadOptions,
  ticks: readonly Tick[] = [],
): Promise<ApprovedSpecs> => {
  const specs: ApprovedSpecs['specs'][number][] = [];
  const refused: RefusedIssue[] = [];
  const notices: string[] = [];
  const labelled = await listApproved(context);
  const mayWrite = openPermissions(context);
  const ticked = await tickedSpecs(context, options, ticks, mayWrite);
  specs.push(...ticked);
  for (const issue of labelled) {
    const { number } = issue;
    if (ticked.some((spec) => spec.issue === number)) continue;
    const approved = await approvedSpec(context, issue, options).catch(asGone);
    if (approved === undefined)
      notices.push(`Issue #${number} is not worked: it no longer exists.`);
    else if ('refusal' in approved) refused.push({ issue: number, ...approved.refusal });
    else specs.push(approved);
  }
  return { specs, refused, notices };
};

/** Those of the issues that were ticked which are open and say what they said then. */
const tickedSpecs = async (
  context: GithubContext,
  options: ReadOptions,
  ticks: readonly Tick[],
  mayWrite: MayWrite,
): Promise<ApprovedSpecs['specs']> => {
  const specs: ApprovedSpecs['specs'][number][] = [];
  const approvals = ticks.flatMap(({ action, issue }) =>
    action === 'approve' && issue !== undefined ? [issue] : [],
  );
  for (const issue_number of new Set(approvals)) {
    const asked = { issue_number };
    const issue = await context.client.call(githubRoutes.issue, asked, issueSchema).catch(asGone);
    if (!issue || issue.pull_request || issue.state !== 'open') continue;
    const understood = readIssue(issue, options);
    if ('mistakes' in understood) continue;
    const { spec, digest, yaml } = understood;
    const tick = ticks.findLast((one) => one.action === 'approve' && one.issue === issue_number);
    if (tick?.digest !== digest || !(await mayAllWrite(tick, mayWrite))) continue;
    const source = { name: sourceName(issue_number), text: yaml };
    specs.push({ issue: issue_number, id: spec.id, source });
  }
  return specs;
};

const mayAllWrite = async ({ by }: Tick, mayWrite: MayWrite): Promise<boolean> => {
  for (const login of by) if (!(await mayWrite(login))) return false;
  return true;
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
