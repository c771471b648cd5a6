// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { CodeContext, CodeResult } from '../../agent/code-agent.ts';
import { changeSchema, type LeftOut, leftOutSchema, type Output } from '../../agent/schema.ts';
import { type CodedReason, findingCodeSchema } from '../../data/findings/table.ts';
import { verdictSchema } from '../schema.ts';
import type { SpecTerms, UnitFile } from './gate-terms.ts';

/** A unit as its ancestors' bundles show it, with the new bytes of what it changed. */
export type UnitEvidence = UnitFile & {
  /** Where the unit ended before it reached the gate. */
  readonly ended?: { readonly node: string } & CodedReason;
  /** New content by path; `undefined` for a removed file. */
  readonly written: ReadonlyMap<string, Uint8Array | undefined>;
};

/** A file of the joined patch; `undefined` for a removed one. */
export type JoinedFile = readonly [path: string, content: Uint8Array | undefined];

/** What waits for publish: the commit, and the sha256 of its record, `pull-request.json`. */
export type Proposal = { readonly commit: string; readonly record: string };

/** What the gate's agent gets beside what every code agent gets. */
export type GateContext = CodeContext & {
  readonly terms: SpecTerms;
  /** Files in scope that no unit has. */
  readonly left: readonly LeftOut[];
  readonly evidence: () => AsyncIterable<UnitEvidence>;
  /** Runs the flow's test nodes once more, on base plus the joined files. */
  readonly retest: (files: readonly JoinedFile[]) => Promise<readonly Output[]>;
  /** Writes the commit and the pull request's text for `publish` to send. */
  readonly propose: (decision: Decision, files: readonly JoinedFile[]) => Promise<Proposal>;
};

export type RunGate = (context: GateContext) => Promise<CodeResult>;

const count = z.int().min(0);

export const unitDecisionSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['file', 'spec']),
  paths: z.array(z.string()),
  state: z.enum(['approved', 'red', 'unchanged']),
  node: z.string().optional(),
  code: findingCodeSchema.optional(),
  reason: z.string().optional(),
  reviews: z
    .array(z.strictObject({ reviewer: z.string(), runtime: z.string(), verdict: verdictSchema }))
    .optional(),
  /** Both reviewers approved exactly this. */
  patchDigest: z.string().optional(),
  changes: z.array(changeSchema).optional(),
  /** What the worker says that it left, such as `path:line` of a name in a document. */
  mentions: z.array(z.string()).optional(),
  /** Files that the worker left as they are. */
  left: z.array(leftOutSchema).optional(),
});

/** What a worker's result may say beside its own fields, for the pull request to list. */
export const mentionsSchema = z.object({ mentions: z.array(z.string().max(300)).max(50) });

/** The same of files that it left as they are. */
export const leftSchema = z.object({
  left: z.array(leftOutSchema.extend({ reason: z.string().max(400) })).max(5000),
});

/** `result` of `merge.gate`: what publish sends and what the morning reads. */
export const decisionSchema = z.strictObject({
  outcome: z.enum(['pull-request', 'red-bin', 'nothing']),
  /** Why there is no pull request. */
  code: findingCodeSchema.optional(),
  reason: z.string(),
  units: z.array(unitDecisionSchema),
  stats: z.strictObject({ files: count, insertions: count, deletions: count }),
  tests: z.strictObject({
    passed: count,
    failed: count,
    skipped: count,
    /** They fail without the patch too. */
    failedBefore: count.optional(),
    /** Checks of the spec that passed beside the tests. */
    checks: count.optional(),
    /** Links of documents that lead somewhere, where they were followed. */
    links: count.optional(),
    /** What was counted; absent: tests. */
    counted: z.literal('checks').optional(),
  }),
  /** Of the pull request, over its units' patch digests. */
  digest: z.string().optional(),
  commit: z.string().optional(),
  /** sha256 of `pull-request.json`: not a word of it may change before it is sent. */
  record: z.string().optional(),
});

export type UnitDecision = Readonly<z.output<typeof unitDecisionSchema>>;
export type Decision = Readonly<z.output<typeof decisionSchema>>;
