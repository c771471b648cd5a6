// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import type { RefusedIssue } from '../../forge/forge.ts';
import { nameIssues } from '../../forge/intake/source-name.ts';
import type { ForgeSnapshot } from '../../forge/snapshot.ts';
import { collectSpecs, type SpecFiles } from '../../spec/load-specs.ts';
import type { CommittedFiles } from '../open/read-commit.ts';

/** The specs there are, and which of them were written in an issue. */
export type Queue = SpecFiles & {
  /** Number of the issue by the spec's id. */
  readonly issues: ReadonlyMap<string, number>;
  /** Approved issues that are not worked. */
  readonly refused: readonly RefusedIssue[];
  readonly notices: readonly string[];
};

type QueueSources = {
  readonly commit: Pick<CommittedFiles, 'flowNames' | 'specs'>;
  /** A folder of spec files; by default `specs/` of the base commit. */
  readonly specs?: string | undefined;
  readonly forge: ForgeSnapshot;
};

/**
 * Reads the files of a folder or else those of `specs/` in the base commit, and beside them the
 * approved issues. An id that a file has is not an issue's: the mistake names both.
 */
export const readQueue = async ({ commit, specs, forge }: QueueSources): Promise<Queue> => {
  const flows = await commit.flowNames();
  // What `dependsOn` may name beside the specs that are found.
  const past = new Set(forge.pulls.map(({ pullRequest }) => pullRequest.spec));
  if (specs !== undefined) {
    return {
      ...(await collectSpecs(specs, past, flows)),
      issues: new Map(),
      refused: [],
      notices: [],
    };
  }
  const files = await commit.specs();
  const { approved = nothing } = forge;
  const sources = [...files, ...approved.specs.map(({ source }) => source)];
  const collected = await collectSpecs(sources, past, flows);
  const issueOf = new Map(approved.specs.map(({ source, issue }) => [source.name, issue]));
  return {
    ...collected,
    mistakes: collected.mistakes.map(renamed),
    issues: issuesOf(approved, collected),
    refused: [
      ...approved.refused,
      ...collected.mistakes.flatMap(({ message, place }): readonly RefusedIssue[] => {
        const issue = issueOf.get(place?.file ?? '');
        const reason = nameIssues(message).replace(/^issue #\d+: /, '');
        return issue === undefined ? [] : [{ issue, code: 'intake.invalid', reason }];
      }),
    ],
    notices: [
      ...approved.notices,
      ...approved.refused.map(({ issue, reason }) => `Issue #${issue} is not worked: ${reason}.`),
    ],
  };
};

type ApprovedSpecs = NonNullable<ForgeSnapshot['approved']>;

const nothing: ApprovedSpecs = { specs: [], refused: [], notices: [] };

/** The issue of each spec that was written in one. */
const issuesOf = ({ specs }: ApprovedSpecs, { names }: SpecFiles): ReadonlyMap<string, number> =>
  new Map(
    specs.flatMap(({ id, issue, source }) => (names.get(id) === source.name ? [[id, issue]] : [])),
  );

const renamed = (mistake: UserError): UserError => {
  const message = nameIssues(mistake.message);
  return message === mistake.message ? mistake : new UserError(message, { cause: mistake });
};
