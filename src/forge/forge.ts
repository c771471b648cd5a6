// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { findingCodeSchema } from '../data/findings/table.ts';
import type { Source } from '../data/read-source.ts';
import type { ListedSpecs, WrittenDashboard } from './dashboard/item.ts';
import type { Tick } from './dashboard/ticks.ts';
import type { ReadOptions } from './intake/read-issue.ts';
import type { Resolution } from './resolution.ts';

/** A finished pull request: what `merge` decided and `publish` sends. */
export const pullRequestSchema = z.strictObject({
  spec: z.string(),
  specDigest: z.string(),
  night: z.string(),
  title: z.string(),
  /** `pantheon/<spec>-<digest8>`, with `-rN` for a further try. */
  branch: z.string(),
  base: z.string().describe('The base commit'),
  commit: z.string(),
  /** Over its units' sorted patch digests. */
  digest: z.string(),
  units: z.strictObject({ approved: z.array(z.string()), red: z.array(z.string()) }),
  supersedes: z.array(z.string()),
  issue: z.int().positive().optional().describe('The issue its spec was written in'),
  /** Markdown. */
  body: z.string(),
});

export type PullRequest = Readonly<z.output<typeof pullRequestSchema>>;
export const listedPullRequestSchema = z.strictObject({
  pullRequest: pullRequestSchema,
  state: z.enum(['open', 'accepted', 'merged', 'closed']),
  url: z.string().optional().describe('Where people talk about it'),
  conflicts: z
    .array(z.string())
    .readonly()
    .optional()
    .describe(
      'Where it waits for a person and no longer merges into what is checked out: the paths',
    ),
});

export type ListedPullRequest = Readonly<z.output<typeof listedPullRequestSchema>>;
/** `accepted`: a person said yes, and what it changes is not in the checked-out branch yet. */
export type PullRequestState = ListedPullRequest['state'];

/** A pull request with what people made of it. */
export type ResolvedPullRequest = {
  readonly pullRequest: PullRequest;
  readonly resolution: Resolution;
};

/** Where pull requests go. Only `publish` and `collect` have one. */
export type Forge = {
  readonly list: () => Promise<readonly ListedPullRequest[]>;
  /** The branches there are at `pantheon` and below; none where the forge is out of reach. */
  readonly branches: () => Promise<readonly string[]>;
  /** How a branch named `pantheon`, which leaves no room for those, is put right. */
  readonly renameAdvice: string;
  /** What people made of its pull requests, oldest first; read from it now where it is in reach. */
  readonly resolutions: (now: Date) => Promise<readonly ResolvedPullRequest[]>;
  /**
   * Opens what publish has verified: the commit is in the repository by now. Idempotent: the same
   * branch with the same commit is opened once.
   * @throws UserError when the forge will never take it.
   */
  readonly open: (pullRequest: PullRequest) => Promise<WriteOutcome>;
};

/** Where a pull request is to be found, or why it still waits in the outbox. */
export type WriteOutcome = { readonly url?: string; readonly waiting?: string };

/** Labels to add to an issue and to take off it. */
export type LabelChange = { readonly add: readonly string[]; readonly remove: readonly string[] };

/** A forge that has issues, and an outbox for when it is out of reach. */
export type IssueForge = Forge & {
  /** Keeps one comment per issue and key up to date; `key` is of lower-case letters, digits and "-". */
  readonly comment: (
    issue: number,
    key: string,
    body: string,
    /** `edit`: says nothing where there is no such comment; default `write`. */
    mode?: 'write' | 'edit',
  ) => Promise<WriteOutcome>;
  readonly label: (issue: number, change: LabelChange) => Promise<WriteOutcome>;
  /** Checks an issue of the form, answers below it and labels it. @throws UserError when it cannot be read. */
  readonly takeIn: (issue: number, options: ReadOptions) => Promise<IntakeResult>;
  /** The specs of issues whose approval is valid, checked again. */
  readonly approved: (options: ReadOptions) => Promise<ApprovedSpecs>;
  /** What was ticked on the dashboard issue so far, oldest first; nothing where there is to be none. */
  readonly ticks: () => Promise<readonly Tick[]>;
  /**
   * Makes or edits the dashboard issue and reads it before. Nothing where there is to be none: without `listed`,
   * which lists the specs of last time, none is made. Nothing of it waits: the next night writes it again.
   * @throws UserError where it cannot be written.
   */
  readonly dashboard: (listed?: ListedSpecs) => Promise<WrittenDashboard | undefined>;
  /** How much waits in the outbox. */
  readonly waiting: () => Promise<number>;
  /** Sends what waits, and learns what people did with pull requests. */
  readonly sync: () => Promise<SyncResult>;
};

/** How an issue was understood; `ignored`: it is not a spec, or not open. */
export type IntakeResult = {
  readonly state: 'ignored' | 'invalid' | 'valid' | 'approved';
  readonly lines: readonly string[];
};

/** `source` is the spec as a file in `specs/` would have it. */
export type ApprovedSpecs = {
  readonly specs: readonly {
    readonly issue: number;
    readonly id: string;
    readonly source: Source;
  }[];
  /** Issues with the approving label that are not worked. */
  readonly refused: readonly RefusedIssue[];
  /** Why issues were not read. */
  readonly notices: readonly string[];
};

/** `reason` is told below the issue, and in the morning. */
export const refusedIssueSchema = z.strictObject({
  issue: z.int().positive(),
  code: findingCodeSchema.optional(),
  reason: z.string(),
});

export type RefusedIssue = Readonly<z.output<typeof refusedIssueSchema>>;

/** What `sync` came to; `waiting` and `refused` have a line for each item. */
export type SyncResult = {
  readonly sent: number;
  readonly refused: readonly string[];
  readonly waiting: readonly string[];
  readonly decisions: number;
  /** Why the forge could not be asked. */
  readonly trouble?: string;
};

/** `pantheon/<spec>-<digest8>`, the identity (spec id, spec digest) as a branch name. */
export const branchOf = (spec: string, specDigest: string, attempt = 1): string =>
  `pantheon/${spec}-${specDigest.slice(0, 8)}${attempt > 1 ? `-r${attempt}` : ''}`;

/** Whether a branch is one that `branchOf` makes for a spec, whatever the attempt. */
export const isBranchOf = (branch: string, spec: string, specDigest: string): boolean => {
  const first = branchOf(spec, specDigest);
  return branch.startsWith(first) && /^(?:-r[1-9]\d*)?$/.test(branch.slice(first.length));
};
