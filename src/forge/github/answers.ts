// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';

/* Of what GitHub answers, the part that is used. Anything else in it is left out. */

const login = z.string().max(200);
const userSchema = z.object({ login, type: z.string() });
const time = z.iso.datetime();

const sideSchema = z.object({ ref: z.string(), sha: z.string() });

export const pullSchema = z.object({
  number: z.int().positive(),
  html_url: z.string(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  merged_at: time.nullable(),
  closed_at: time.nullable(),
  created_at: time,
  updated_at: time,
  merge_commit_sha: z.string().nullable(),
  labels: z.array(z.object({ name: z.string() })),
  // The fork that it came from may be gone.
  head: sideSchema.extend({ repo: z.object({ full_name: z.string() }).nullable() }),
});

/** A review of a pull request, as people give them. */
export const reviewAnswerSchema = z.object({
  user: userSchema.nullable(),
  /** `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`. */
  state: z.string(),
  submitted_at: time.optional(),
});

export const createdPullSchema = z.object({
  number: z.int().positive(),
  html_url: z.string(),
});

export const artifactSchema = z.object({
  id: z.int().positive(),
  name: z.string().max(300),
  size_in_bytes: z.int().min(0),
  expired: z.boolean(),
  created_at: time.nullable(),
  digest: z.string().nullish(),
  workflow_run: z.object({ id: z.int().positive().optional() }).nullish(),
});

export const repositorySchema = z.object({ default_branch: z.string().min(1) });

export const commentSchema = z.object({
  id: z.int().positive(),
  body: z.string().default(''),
  user: userSchema.nullable(),
  author_association: z.string().optional(),
  updated_at: time,
});

const labelSchema = z.union([z.string(), z.object({ name: z.string().optional() })]);

export const issueSchema = z.object({
  number: z.int().positive(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: userSchema.nullable(),
  labels: z.array(labelSchema),
  pull_request: z.object({}).optional(),
  closed_by: userSchema.nullish(),
});

export const labelEventSchema = z.object({
  id: z.int(),
  event: z.string(),
  actor: userSchema.nullish(),
  label: z.object({ name: z.string() }).optional(),
  created_at: time,
  performed_via_github_app: z.object({}).nullish(),
});

export const permissionSchema = z.object({ permission: z.string() });

/** What is set on an issue comes back; a proxy's page with a good status does not. */
export const labelListSchema = z.array(labelSchema);

export type GithubPull = Readonly<z.output<typeof pullSchema>>;
export type IssueComment = Readonly<z.output<typeof commentSchema>>;
export type GithubIssue = Readonly<z.output<typeof issueSchema>>;
export type LabelEvent = Readonly<z.output<typeof labelEventSchema>>;

const repositoryAssociations = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

/** Whether a comment is by somebody of the repository, as GitHub says beside it. */
export const isByRepository = ({ author_association = '' }: IssueComment): boolean =>
  repositoryAssociations.has(author_association);

/** Names of an issue's labels. */
export const labelsOf = ({ labels }: Pick<GithubIssue, 'labels'>): readonly string[] =>
  labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])));
