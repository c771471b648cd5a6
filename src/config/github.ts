// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { durationSchema } from '../flow/schema.ts';
import { cronSchema } from './cron.ts';

/** A label of a runner; it is written into workflows. */
const labelSchema = z.string().regex(/^[\w.:-]{1,100}$/, 'use letters, digits, ".", "_", ":", "-"');

const labelsSchema = z.array(labelSchema).min(1).max(20);

/** How pull requests are opened. */
const pullRequestSchema = z.strictObject({
  draft: z
    .boolean()
    .default(false)
    .describe('Open them as drafts, where the repository allows drafts'),
  labels: z.array(z.string().min(1).max(50)).max(20).default(['pantheon']),
  assignees: z
    .array(z.string().regex(/^[\w-]{1,39}$/, 'write the login without "@"'))
    .max(10)
    .default([])
    .describe('Logins of the people who look at them'),
});

/** A GitHub App of the user's, whose token publish takes for a night. */
const appSchema = z.strictObject({
  id: z.int().positive().describe("The App's id, as its page shows it"),
  key: z
    .string()
    .regex(
      /^(?!GITHUB_)[A-Z_][A-Z0-9_]{0,99}$/,
      'write the name of a secret, such as PANTHEON_APP_KEY',
    )
    .describe("Name of the secret with the App's private key"),
});

/** What is trained each week, by day, and proposed where it is better. */
const trainSchema = z.strictObject({
  agents: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, 'write the name of an agent'))
    .min(1)
    .max(16),
  schedule: cronSchema.default('0 9 * * 6').describe('When it begins (UTC); never beside a night'),
  base: z
    .string()
    .min(1)
    .optional()
    .describe("As --base of pantheon train; default: the agent's model"),
  method: z.enum(['lora', 'qlora', 'full']).default('lora'),
  python: z.string().min(1).default('python3').describe('A Python of the runner with trl and peft'),
  heldOut: z.number().gt(0).lt(1).default(0.1).describe('The share of specs that is held out'),
  profile: z
    .string()
    .min(1)
    .optional()
    .describe('The profile that a version is evaluated in; default: that of nights'),
});

/** `github` in `pantheon.yaml`: what is written into workflows, and how pull requests are opened. */
export const githubSchema = z.strictObject({
  pullRequests: pullRequestSchema.prefault({}),
  app: appSchema
    .optional()
    .describe(
      'A GitHub App that opens the pull requests, so that their checks run at once; default: GITHUB_TOKEN',
    ),
  dashboard: z
    .boolean()
    .default(false)
    .describe(
      'Keep one issue that lists what waits and why, with boxes that approve, retry or give up a spec',
    ),
  schedule: z
    .union([cronSchema, z.record(z.string(), cronSchema)])
    .default('17 2 * * *')
    .describe('When nights begin (UTC), for all flows or by name of the flow'),
  runsOn: labelsSchema
    .default(['self-hosted', 'pantheon'])
    .describe('Labels of the runners that run the nodes'),
  stateRunsOn: labelsSchema
    .optional()
    .describe('Labels of the one runner whose state lasts: collect and publish; default: runsOn'),
  intakeRunsOn: labelsSchema
    .optional()
    .describe(
      "Labels of the runners that answer issues, which strangers can start; default: [ubuntu-latest], GitHub's own, and [self-hosted, pantheon-intake] on an Enterprise Server",
    ),
  jobs: z
    .enum(['node', 'flow'])
    .default('node')
    .describe('What a job works: one node for its shard, or the whole flow'),
  shards: z.int().min(1).max(256).default(1).describe('Jobs per node, each with its own specs'),
  runners: z
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'Jobs of a node at once (`max-parallel`): of more shards, a free runner takes the next',
    ),
  timeout: durationSchema.default(18_000_000).describe('For the job of one node; default 5h'),
  retentionDays: z.int().min(1).max(90).default(14).describe('How long artifacts are kept'),
  train: trainSchema
    .optional()
    .describe(
      'A workflow that trains, evaluates and proposes adapters on the runner of stateRunsOn',
    ),
  server: z
    .enum(['github.com', 'enterprise'])
    .default('github.com')
    .describe('enterprise: a GitHub Enterprise Server, which needs older artifact actions'),
  actions: z
    .string()
    .regex(
      /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}(?: # \S{1,50})?$/,
      'write OWNER/pantheon@COMMIT with all 40 digits, and after " # " its version',
    )
    .optional()
    .describe("Where Pantheon's actions come from; default: this repository's own actions/"),
});
