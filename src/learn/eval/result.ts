// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { digestOf } from '../../data/digest.ts';

const count = z.int().nonnegative();
const amount = z.number().nonnegative();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** How a spec ended with one of the two. */
const sideOutcomeSchema = z.strictObject({
  accepted: z
    .boolean()
    .describe('Tests and checks green, approved twice, a pull request, and no unit left red'),
  broken: z.string().optional().describe('Why it says nothing of the agent: it is run again'),
  reason: z.string(),
  code: z.string().optional(),
  units: z.strictObject({ approved: count, red: count, skipped: count }),
  tokens: z
    .strictObject({ prompt: count, cached: count, completion: count })
    .describe('Of the agent alone'),
  seconds: amount.describe("Of the agent's nodes, one after the other"),
});

const caseSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['held-out', 'guard']),
  spec: digest.describe('Of the spec, or of what a guard case is'),
  base: z.string().describe('The commit that it is worked on, or what ships'),
  candidate: sideOutcomeSchema.optional(),
  incumbent: sideOutcomeSchema.optional(),
});

/** The weights that were trained, by what is told of them beside them. */
const candidateSchema = z.strictObject({
  version: z.int().positive(),
  adapter: digest,
  base: z.strictObject({ name: z.string(), digest }),
  rank: z.int().positive().optional(),
  dataset: digest,
});

/** What `pantheon eval` writes and `pantheon promote` reads. */
export const evalResultSchema = z.strictObject({
  version: z.literal(1),
  agent: z.string(),
  candidate: candidateSchema,
  incumbent: z.strictObject({
    name: z.string().describe('AGENT@N, or the runtime without an adapter, or rules'),
    adapter: digest.optional(),
  }),
  profile: z.string(),
  evaluator: digest,
  heldOut: z
    .number()
    .nullable()
    .describe('The share that was kept apart; null for a folder of specs'),
  startedAt: z.iso.datetime(),
  cases: z.array(caseSchema),
});

export type EvalResult = Readonly<z.output<typeof evalResultSchema>>;
export type EvalCase = Readonly<z.output<typeof caseSchema>>;
export type SideOutcome = Readonly<z.output<typeof sideOutcomeSchema>>;
export type EvalCandidate = Readonly<z.output<typeof candidateSchema>>;

/** The two that are compared. */
export const evalSides = ['candidate', 'incumbent'] as const;
export type EvalSide = (typeof evalSides)[number];

type Judged = Pick<SideOutcome, 'accepted' | 'broken'>;

/** Of a case what is judged by. */
export type JudgedCase = Pick<EvalCase, 'id' | 'kind'> & {
  readonly candidate?: Judged | undefined;
  readonly incumbent?: Judged | undefined;
};

/** Whether both have said something of a case. */
export const isPaired = ({ candidate, incumbent }: JudgedCase): boolean =>
  [candidate, incumbent].every((side) => side !== undefined && side.broken === undefined);

/** Cases by who had them accepted; those that are not paired are left out. */
export type PairCounts = {
  readonly both: number;
  readonly candidate: number;
  readonly incumbent: number;
  readonly neither: number;
};

/** Counts paired cases of a kind. */
export const countPairs = (
  cases: readonly JudgedCase[],
  kind: EvalCase['kind'] = 'held-out',
): PairCounts => {
  const pairs = cases.filter((one) => one.kind === kind && isPaired(one));
  const count = (candidate: boolean, incumbent: boolean): number =>
    pairs.filter(
      (pair) => pair.candidate?.accepted === candidate && pair.incumbent?.accepted === incumbent,
    ).length;
  return {
    both: count(true, true),
    candidate: count(true, false),
    incumbent: count(false, true),
    neither: count(false, false),
  };
};

/** What a result is known by. */
export const resultDigest = (result: EvalResult): string => digestOf(result);
