// SPDX-License-Identifier: GPL-3.0-only
import { codeSpan } from '../../markdown/inline.ts';
import type { PullRequest } from '../forge.ts';
import { decideHeading } from '../pull-request-text.ts';
import { cutText } from './cut-text.ts';
import { identityMarker, recordMarker } from './marker.ts';
import { describeToken, type GithubRepository } from './repository.ts';

export type BodyFacts = {
  readonly pullRequest: PullRequest;
  readonly github: GithubRepository;
  /** The branch it is to be merged into. */
  readonly into: string;
  /** That branch's tip, where it is not the recorded base. */
  readonly moved: string | undefined;
  /** The page of the run whose artifacts contain the bundles. */
  readonly run: string | undefined;
};

/** The text of a pull request on GitHub, within its limit; says what was cut. */
export const pullRequestBody = (facts: BodyFacts): string => {
  const { pullRequest, github, into, moved, run } = facts;
  const { body, base, supersedes } = pullRequest;
  // What follows that heading tells how to decide on the machine that made it.
  const at = body.indexOf(`\n${decideHeading}\n`);
  const token = describeToken(github.tokenKind);
  const tail = [
    ...(moved === undefined
      ? []
      : [
          '## The base has moved',
          '',
          `This was built and tested on \`${base.slice(0, 12)}\`; ${codeSpan(into)} is now at \`${moved.slice(0, 12)}\`.`,
          '',
        ]),
    decideHeading,
    '',
    'Merge it to take it. To refuse it, close it and write a comment that says why: the next night reads it, and does not open it again until the spec changes.',
    '',
    ...issueLines(pullRequest),
    ...supersedes.flatMap((branch) => [
      `Close the [older pull request of ${codeSpan(branch)}](${pullsOf(github, branch)}).`,
      '',
    ]),
    ...(run === undefined ? [] : [`Bundles of every step: [artifacts of the night](${run}).`, '']),
    ...(token === undefined ? [] : [token, '']),
    identityMarker(pullRequest),
    recordMarker(pullRequest),
    '',
  ].join('\n');
  return cutText(at < 0 ? `${body}\n` : body.slice(0, at + 1), { tail }).toWellFormed();
};

/** GitHub closes the issue with the merge, and a closed issue is not worked: units left red keep it open. */
const issueLines = ({ issue, units }: PullRequest): readonly string[] => {
  if (issue === undefined) return [];
  return units.red.length === 0
    ? [`Closes #${issue}.`, '']
    : [
        `Part of #${issue}, which stays open: what was left red is tried again once this is merged. Close the issue to leave that as it is.`,
        '',
      ];
};

/** A branch names its pull request before anybody knows its number. */
const pullsOf = ({ serverUrl, owner, repo }: GithubRepository, branch: string): string =>
  `${serverUrl}/${owner}/${repo}/pulls?${new URLSearchParams({ q: `is:pr head:${branch}` })}`;
