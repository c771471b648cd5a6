// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { pullRequestSchema } from './forge.ts';

const issue = z.int().positive();

/** One thing to write to a forge, as it waits in the outbox. */
export const forgeIntentSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pull-request'),
    pullRequest: pullRequestSchema,
    /** The branch to merge it into; by default the repository's own. */
    into: z.string().optional(),
    /** The page of the run that made it. */
    run: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('comment'),
    issue,
    /** One comment per issue and key, kept up to date. */
    key: z.string().regex(/^[a-z0-9-]{1,40}$/),
    body: z.string(),
    /** `edit`: only where there is such a comment. */
    mode: z.enum(['write', 'edit']).default('write'),
  }),
  z.strictObject({
    kind: z.literal('labels'),
    issue,
    add: z.array(z.string()),
    remove: z.array(z.string()),
  }),
]);

export type ForgeIntent = Readonly<z.output<typeof forgeIntentSchema>>;
export type PullRequestIntent = Extract<ForgeIntent, { readonly kind: 'pull-request' }>;
export type CommentIntent = Extract<ForgeIntent, { readonly kind: 'comment' }>;
export type LabelsIntent = Extract<ForgeIntent, { readonly kind: 'labels' }>;

/** What it is, for a person. */
export const describeIntent = (intent: ForgeIntent): string =>
  intent.kind === 'pull-request'
    ? `pull request ${intent.pullRequest.branch}`
    : intent.kind === 'comment'
      ? `comment on #${intent.issue}`
      : `labels of #${intent.issue}`;
