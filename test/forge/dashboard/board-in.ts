// SPDX-License-Identifier: GPL-3.0-only
import { type Actor, editIssue, type Issue, type State } from '../../simulated-github/state.ts';

/** The dashboard issue on a simulated GitHub, and clicks on its boxes. */
export const boardIn = (state: State) => {
  const issues = (): readonly Issue[] =>
    state.issues.filter(({ labels }) => labels.includes('pantheon:dashboard'));
  const issue = (): Issue => {
    const [only] = issues();
    if (!only) throw new Error('there is no dashboard issue');
    return only;
  };
  /** As a click on the first box with these words does it. */
  const tick = (who: Actor, words: string): void => {
    const { body } = issue();
    const line = body.split('\n').find((one) => one.includes('- [ ] ') && one.includes(words));
    if (line === undefined) throw new Error(`no box says ${words}: ${body}`);
    editIssue(state, issue(), body.replace(line, line.replace('[ ]', '[x]')), who);
  };
  const ticked = (): boolean => issue().body.includes('[x]');
  return { issues, issue, tick, ticked };
};
