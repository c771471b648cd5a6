// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { agentSchema } from '../../agent/schema.ts';
import { attestationSchema, hostCheckSchema } from '../../boundary/attest/schema.ts';
import { configSchema } from '../../config/schema.ts';
import { findingCodeSchema } from '../../data/findings/table.ts';
import { flowSchema } from '../../flow/schema.ts';
import { isBranchOf, refusedIssueSchema } from '../../forge/forge.ts';
import { expectedSchema } from '../../morning/expected-time.ts';
import { idSchema, specDigest, specSchema } from '../../spec/schema.ts';

const decidedSpecFields = z.strictObject({
  spec: specSchema,
  digest: z.string(),
  flow: idSchema,
  branch: z.string(),
  /** Everything its outcome depends on; see `fingerprint.ts`. */
  fingerprint: z.string(),
  /** Set when it is not worked this night. */
  skip: z.string().optional(),
  /** Why, beside `skip`. */
  skipCode: findingCodeSchema.optional(),
  /** Set when only these units are left to do: the others are merged. */
  only: z.array(z.string()).optional(),
  /** Branches of open pull requests of an older text of the same spec. */
  supersedes: z.array(z.string()).optional(),
  /** `YYYY-MM-DD` by path, of the commit that added each file in scope: for a spec that asks. */
  firstCommitDates: z.record(z.string(), z.string()).optional(),
  /** As those, of the last commit that changed each file. */
  lastCommitDates: z.record(z.string(), z.string()).optional(),
  /** Who asked for it again on the dashboard issue. */
  tickedBy: z.string().optional(),
  /** What its chores read beside its scope and context. */
  reads: z.array(z.string()).optional(),
  /** What it is expected to take [s], where the night is dealt to shards; see `expected-seconds.ts`. */
  seconds: z.number().positive().optional(),
  /** The adapter of the candidate, which works it in the place of the champion. */
  canary: z.string().optional(),
  /** The adapter that works it by a route, in the place of the champion. */
  route: z.string().optional(),
  /** The issue that the spec was written in. */
  issue: z.int().positive().optional(),
});

/** What is worked out of a spec is worked out again. */
const decidedSpecSchema = decidedSpecFields
  .refine(({ spec, digest }) => digest === specDigest(spec), {
    path: ['digest'],
    message: 'is not the digest of the spec',
  })
  .refine(({ spec, digest, branch }) => isBranchOf(branch, spec.id, digest), {
    path: ['branch'],
    message: 'is not a branch of the spec',
  });

/**
 * `night.json`: everything a night was decided on when it began, so that a resumed night is the
 * same night and a job of one node reads no YAML. Written with `encode`: durations are text in it.
 */
export const nightSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  /** ISO 8601, UTC; commits of this night carry it as their date. */
  startedAt: z.iso.datetime(),
  example: z.boolean(),
  base: z.strictObject({ commit: z.string(), branch: z.string().optional() }),
  profile: z.string(),
  config: configSchema,
  flows: z.record(z.string(), flowSchema),
  specs: z.array(decidedSpecSchema),
  /** The specs that alone were asked for; the others of the queue are not in it. */
  only: z.array(z.string()).optional(),
  /** Over how many shards its jobs are spread. */
  shards: z.int().min(1).max(256).optional(),
  /** Each agent of the flows by its name; the digests are of its folder and of its `agent.yaml`. */
  agents: z.record(
    z.string(),
    z.strictObject({ digest: z.string(), manifest: agentSchema, manifestDigest: z.string() }),
  ),
  /** Runtime digest by `flow/node`. */
  runtimes: z.record(z.string(), z.string()),
  /** The versions that names of adapters stood for, by `flow/node`. */
  adapters: z
    .record(
      z.string(),
      z.strictObject({
        agent: z.string(),
        alias: z.enum(['champion', 'candidate']).optional(),
        version: z.int().positive(),
        /** sha256 over its files. */
        digest: z.string(),
        /** Who works a share of the specs, 0 to 1. */
        candidate: z
          .strictObject({ version: z.int().positive(), digest: z.string(), share: z.number() })
          .optional(),
        /** Who works the specs that ask for just these chores. */
        routes: z
          .array(
            z.strictObject({
              chores: z.array(z.string()),
              version: z.int().positive(),
              digest: z.string(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  /** What the process that decided it found out about itself; none where nothing confined it. */
  attestation: attestationSchema.optional(),
  /** What its machine allowed the user of the night, looked at outside of that process. */
  host: z.array(hostCheckSchema).optional(),
  /** How long it was expected to take [s], where a model works: see `estimate-night.ts`. */
  expected: expectedSchema.optional(),
  /** What the person was told and the report repeats. */
  notices: z.array(z.string()),
  /** Spec files that could not be read, a line each. */
  mistakes: z.array(z.string()),
  /** Approved issues that are not worked, which are told why. */
  refused: z.array(refusedIssueSchema).optional(),
});

/** One line of `journal.jsonl`. Nothing in it depends on the clock. */
export const journalSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('night'), state: z.enum(['start', 'resume', 'end']) }),
  z.strictObject({
    type: z.literal('node'),
    spec: z.string(),
    unit: z.string(),
    node: z.string(),
    status: z.enum(['ok', 'failed', 'skipped']),
    /** The bundle's identity; a skipped node leaves none. */
    bundle: z.string().optional(),
    /** Why it did not end well. */
    code: findingCodeSchema.optional(),
    reason: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('publish'),
    state: z.enum(['intent', 'done']),
    spec: z.string(),
    branch: z.string(),
    commit: z.string(),
  }),
  z.strictObject({
    type: z.literal('spec'),
    spec: z.string(),
    outcome: z.enum(['pull-request', 'red-bin', 'skipped']),
    code: findingCodeSchema.optional(),
    reason: z.string(),
  }),
]);

/** A journal's last line. */
export const nightEnd = { type: 'night', state: 'end' } as const;

export type Night = Readonly<z.output<typeof nightSchema>>;
export type DecidedSpec = Readonly<z.output<typeof decidedSpecSchema>>;
export type CommitDates = Readonly<Pick<DecidedSpec, 'firstCommitDates' | 'lastCommitDates'>>;
export type JournalRecord = Readonly<z.output<typeof journalSchema>>;
