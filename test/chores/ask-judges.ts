// SPDX-License-Identifier: GPL-3.0-only
import test from 'ava';
import { caseOf, reviewers } from '../actions/review-peer/macros.ts';

type Files = Readonly<Record<string, string | undefined>>;

/** A patch of files as the sentences ask for it: each of the two reviewers approves it, asked alone. */
export const bothApprove = test.macro(
  async (t, acceptance: readonly string[], before: Files, after: Files) => {
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict, findings } = await ask(
        caseOf({ acceptance: [...acceptance] }, before, after),
      );
      t.is(verdict, 'approve', `${name}: ${findings.join('; ')}`);
    }
  },
);

/** A patch that is wrong somewhere: each of the two reviewers rejects it, asked alone. */
export const bothReject = test.macro(
  async (t, acceptance: readonly string[], before: Files, after: Files) => {
    for (const [name, ask] of Object.entries(reviewers)) {
      const { verdict } = await ask(caseOf({ acceptance: [...acceptance] }, before, after));
      t.is(verdict, 'reject', name);
    }
  },
);
