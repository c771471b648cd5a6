// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { leftOutSchema } from '../agent/schema.ts';
import { hostCheckSchema } from '../boundary/attest/schema.ts';
import { findingCodeSchema } from '../data/findings/table.ts';
import { resolutionSchema } from '../forge/resolution.ts';
import { decisionSchema } from '../review/gate/gate-agent.ts';
import { jointErrorsSchema, verdictSchema } from '../review/schema.ts';
import { expectedSchema } from './expected-time.ts';

const count = z.int().min(0);

const measure = z.number().min(0);
const share = z.number().min(0).max(1);

/** What an engine, or one agent on it, did for the night's nodes. */
const figuresSchema = z.strictObject({
  requests: count,
  failures: count.describe('Requests that ended by a fault of the engine'),
  retries: count.describe('Requests sent once more because the engine was busy'),
  tokens: z.strictObject({ prompt: count, cached: count, completion: count }),
  busySeconds: measure.describe('Time in which at least one request was with the engine'),
  batch: measure.describe('Requests with the engine at once, on average over that time'),
  tokensPerSecond: measure.describe('Completion tokens over that time'),
  prefixHitRate: share.nullable().describe('Prompt tokens served from a prefix cache'),
  queueMs: z.strictObject({ mean: measure, p95: measure, max: measure }),
});

export const engineSummarySchema = z.strictObject({
  engine: z.string(),
  model: z.string().optional(),
  origin: z.string(),
  since: z
    .enum(['start', 'resume', 'jobs'])
    .describe('A resumed night tells of its last part only; jobs: rates are averages over them'),
  slots: count,
  ...figuresSchema.shape,
  agents: z.array(z.strictObject({ agent: z.string(), ...figuresSchema.shape })),
});

const unanswered = z
  .record(z.string(), count)
  .optional()
  .describe('Patches on which it came to no verdict, by how it failed');

const hiddenSummarySchema = z.strictObject({
  patches: count,
  bad: count.describe('Those that deserve to be rejected'),
  approvedByBoth: count.describe('Bad ones that both reviewers approved'),
  reviewers: z.array(
    z.strictObject({
      reviewer: z.string(),
      falseApprovals: count,
      falseRejections: count,
      unanswered,
      broken: count.optional().describe('Patches that say nothing of it: an engine failed'),
    }),
  ),
  wrong: z.array(z.string()).describe('Bundles of wrong verdicts, relative to the night'),
});

const estimateSchema = z.strictObject({ value: share, low: share, high: share });

/** What people made of the pull requests of earlier nights, as it was when this one was published. */
const earlierSchema = z.strictObject({
  days: count.describe('How far back'),
  counts: z.record(resolutionSchema, count),
  share: estimateSchema
    .nullable()
    .describe('Accepted (zero-touch too) of accepted and rejected, with its interval of 95 %'),
  pulls: z
    .array(
      z.strictObject({
        ...{ spec: z.string(), night: z.string(), branch: z.string() },
        resolution: resolutionSchema,
      }),
    )
    .describe('Newest first'),
});

export const outcomeSchema = z.enum(['pull-request', 'red-bin', 'skipped']);

export const unitSummarySchema = z.strictObject({
  id: z.string(),
  state: z.enum(['approved', 'red', 'skipped']),
  paths: z.array(z.string()),
  node: z.string().optional().describe('Where it ended, if red'),
  code: findingCodeSchema.optional(),
  reason: z.string().optional(),
  reviews: z.array(z.strictObject({ reviewer: z.string(), verdict: verdictSchema })).optional(),
});

const workedVersionSchema = z.strictObject({
  node: z.string(),
  adapter: z.string().describe('AGENT@N of registry.yaml'),
  why: z
    .enum(['champion', 'candidate', 'named', 'canary', 'route'])
    .describe('What the profile names; or a share of the candidate, or a route by chores'),
});

export const specSummarySchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  flow: z.string(),
  outcome: outcomeSchema,
  code: findingCodeSchema.optional(),
  reason: z.string(),
  branch: z.string().nullable(),
  commit: z.string().nullable(),
  url: z.string().optional().describe('The page of its pull request'),
  waiting: z.string().optional().describe('Why its pull request is still on its way to the forge'),
  patch: decisionSchema.shape.stats.optional().describe('What its approved units change together'),
  tests: decisionSchema.shape.tests.optional().describe('Of the joined tree'),
  units: z.strictObject({ approved: count, red: count, skipped: count }),
  unitDetails: z.array(unitSummarySchema),
  versions: z
    .array(workedVersionSchema)
    .optional()
    .describe('Trained versions that worked it, as the night decided'),
  left: z.array(leftOutSchema).optional().describe('Files in scope that were not worked, and why'),
  trace: z.string().describe('Where to look next, relative to the night'),
});

/** `summary.json`, and what `pantheon night --json` prints. */
export const summarySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  night: z.string(),
  dryRun: z
    .literal(true)
    .optional()
    .describe('Nothing was opened or told, and the next night knows nothing of it'),
  startedAt: z.iso.datetime(),
  expected: expectedSchema.optional(),
  base: z.string(),
  profile: z.string(),
  confinement: z.enum(['bubblewrap', 'nothing']),
  host: z
    .array(hostCheckSchema)
    .optional()
    .describe('What the machine itself allowed the user of the night'),
  specs: z.array(specSummarySchema),
  counts: z.strictObject({ pullRequests: count, redBins: count, skipped: count }),
  reviewers: z.array(
    z.strictObject({
      flow: z.string(),
      state: z.string(),
      kappa: z.number().nullable(),
      ac1: z.number().nullable(),
      agreement: z.number().nullable(),
      pairs: count,
      jointErrors: jointErrorsSchema.optional().describe('How the two err together in their exams'),
      line: z.string().describe('All of it as one line for a person'),
      exams: z.array(
        z.strictObject({
          reviewer: z.string(),
          kind: z.string(),
          passed: z.boolean(),
          asked: count.describe('Patches it judged'),
          of: count.describe('More than it judged: it could not pass any more, or it broke off'),
          broken: z.string().optional().describe('Why it could not be finished'),
          falseApprovals: count,
          falseRejections: count,
          hidden: count.optional().describe('Those among units of the nights before'),
          unanswered,
        }),
      ),
      hidden: hiddenSummarySchema
        .optional()
        .describe("Patches of an exam that were put to both among tonight's units"),
    }),
  ),
  engines: z
    .array(engineSummarySchema)
    .default([])
    .describe('Engines that serve a model, with what was measured; rules are none'),
  schemaErrors: z
    .array(
      z.strictObject({
        agent: z.string(),
        week: z.string().describe('ISO 8601 in UTC, such as 2026-W48'),
        answers: count,
        errors: count.describe('Answers that their schema refused'),
        caughtAfterLowering: count.describe("Those that the engine's own constraint had let pass"),
      }),
    )
    .optional()
    .describe('Of the night, by agent'),
  earlier: earlierSchema
    .optional()
    .describe('What people made of the pull requests of earlier nights'),
  notices: z.array(z.string()),
});

export type Summary = Readonly<z.output<typeof summarySchema>>;
export type SpecSummary = Readonly<z.output<typeof specSummarySchema>>;
export type WorkedVersion = Readonly<z.output<typeof workedVersionSchema>>;
export type HiddenSummary = NonNullable<Summary['reviewers'][number]['hidden']>;
export type EngineSummary = Summary['engines'][number];
/** What was measured of an engine, or of an agent on it. */
export type MeasuredFigures = Readonly<z.output<typeof figuresSchema>>;
export type UnitSummary = Readonly<z.output<typeof unitSummarySchema>>;

/** Specs by outcome. */
export const countOutcomes = (specs: readonly SpecSummary[]): Summary['counts'] => {
  const count = (outcome: SpecSummary['outcome']) =>
    specs.filter((spec) => spec.outcome === outcome).length;
  return {
    pullRequests: count('pull-request'),
    redBins: count('red-bin'),
    skipped: count('skipped'),
  };
};
