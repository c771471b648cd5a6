// SPDX-License-Identifier: GPL-3.0-only
import type { ExecutionContext } from 'ava';
import { addIssue, setLabel, tick } from '../../simulated-github/state.ts';
import { makeGithub } from '../github/with-github.ts';
import { formBody } from './form-body.ts';

export const ada = { login: 'ada', type: 'User' } as const;
export const tom = { login: 'tom', type: 'User' } as const;
export const mallory = { login: 'mallory', type: 'User' } as const;
export const robot = { login: 'helper[bot]', type: 'Bot' } as const;

export const options = { protected: ['.github/**'] };
export const approved = 'pantheon:approved';
export const body = formBody({ scope: 'docs/', acceptance: 'All *.md have GPL header' });

/** An issue that mallory wrote with the form; ada may write to the repository, tom only sorts issues. */
export const makeIssue = async (t: ExecutionContext, text = body) => {
  const made = await makeGithub(t);
  const { state } = made.github;
  Object.assign(state.roles, { ada: 'write', tom: 'triage', mallory: 'read' });
  const issue = addIssue(state, { title: 'Add header', body: text, author: mallory });
  setLabel(state, issue, 'pantheon:spec', true, mallory);
  const intake = () => made.open().takeIn(issue.number, options);
  const label = (agent: Parameters<typeof setLabel>[4], app = false) =>
    setLabel(state, issue, approved, true, agent, app);
  const edit = (text: string) => {
    issue.body = text;
    issue.updatedAt = tick(state);
  };
  const comments = () => state.comments.filter((comment) => comment.issue === issue.number);
  const collected = () => made.open().approved(options);
  return { ...made, state, issue, intake, label, edit, comments, collected };
};
