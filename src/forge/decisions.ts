// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { extendJournal, readJournal } from '../trace/journal.ts';

/** What a person decided about a pull request: one line of `decisions.jsonl`. */
export const pullRequestDecisionSchema = z.strictObject({
  at: z.iso.datetime(),
  branch: z.string(),
  spec: z.string(),
  specDigest: z.string(),
  night: z.string(),
  commit: z.string(),
  digest: z.string(),
  decision: z.enum(['accept', 'reject']),
  why: z.string().optional(),
});

export type PullRequestDecision = Readonly<z.output<typeof pullRequestDecisionSchema>>;

type Decided = {
  readonly at?: string | null | undefined;
  readonly decision: PullRequestDecision['decision'];
  readonly why?: string | undefined;
};

/** All decisions, oldest first. @throws UserError naming a line that cannot be read. */
export const readDecisions = async (file: string): Promise<readonly PullRequestDecision[]> =>
  readJournal(file, pullRequestDecisionSchema);

/** Appends what was decided about a pull request as one line; `at` is ISO 8601, by default now. */
export const appendDecision = async (
  file: string,
  { branch, spec, specDigest, night, commit, digest }: Omit<PullRequestDecision, keyof Decided>,
  { at, decision, why }: Decided,
): Promise<void> =>
  extendJournal(file, pullRequestDecisionSchema, [
    {
      at: at ?? new Date().toISOString(),
      branch,
      spec,
      specDigest,
      night,
      commit,
      digest,
      decision,
      ...(why !== undefined && { why }),
    },
  ]);
