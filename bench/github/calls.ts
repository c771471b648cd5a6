// SPDX-License-Identifier: GPL-3.0-only
import type { PullRequest } from '../../src/forge/forge.ts';
import { makeGithub } from '../../test/forge/github/with-github.ts';
import { addIssue } from '../../test/simulated-github/state.ts';

/** Requests to the API by what was done, over so many pull requests. */
export type Calls = {
  /** Each with a label and an assignee. */
  readonly opening: number;
  /** The comment on its issue looked up as well, as for a spec that was filed as an issue. */
  readonly withIssue: number;
  /** The same again in a new process. */
  readonly again: number;
};

/** Opens pull requests on a simulated GitHub and counts what it was asked. */
export const countCalls = async (pullRequests: number): Promise<Calls> => {
  const cleaning: (() => unknown)[] = [];
  const teardown = (work: () => unknown) => void cleaning.unshift(work);
  const made = await makeGithub(
    { teardown, is: same, deepEqual: same },
    { labels: ['pantheon'], assignees: ['ada'] },
  );
  try {
    const author = { login: 'ada', type: 'User' } as const;
    const requests = Array.from({ length: pullRequests }, (_, index) =>
      made.request({ spec: `spec-${index}`, commit: made.commit(`text ${index}\n`) }),
    );
    for (const _ of requests) addIssue(made.github.state, { title: 'A chore', body: '', author });
    const count = async (
      work: (request: PullRequest, index: number) => Promise<unknown>,
    ): Promise<number> => {
      made.github.takeCalls();
      for (const [index, request] of requests.entries()) await work(request, index);
      return made.github.takeCalls().length / pullRequests;
    };
    const forge = made.open();
    const opening = await count((request) => forge.open(request));
    const comment = await count((_, index) => forge.comment(index + 1, 'red-bin', 'well', 'edit'));
    const later = made.open();
    const again = await count((request) => later.open(request));
    return { opening, withIssue: opening + comment, again };
  } finally {
    for (const work of cleaning) await work();
  }
};

const same = (actual: unknown, expected: unknown): void => {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`${actual}`);
};
