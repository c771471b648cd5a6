// SPDX-License-Identifier: GPL-3.0-only
import { Declined, type ScriptEnd } from '../../../src/chore/script.ts';
import { canonicalJson, type Json } from '../../../src/data/digest.ts';

/** The text of a tool call. */
export const callTool = (name: string, args: { readonly [key: string]: Json }): string =>
  canonicalJson({ type: 'tool', name, args });

const mostFindings = 20;

/** The text of the final answer: approved when there is nothing to say against it. */
export const giveOpinion = (findings: readonly string[]): string => {
  const shown = [...new Set(findings)]
    .slice(0, mostFindings)
    .map((finding) => finding.slice(0, 500));
  const verdict = findings.length === 0 ? 'approve' : 'reject';
  return canonicalJson({
    type: 'final',
    output: {
      status: 'ok',
      notes: findings.length === 0 ? 'as the sentences ask, and nothing else' : (shown[0] ?? ''),
      metrics: { findings: findings.length },
      result: { verdict, findings: shown },
    },
  });
};

/** The next call of a review, or its opinion; what it cannot look at it does not approve. */
export const opinionOf = async (review: Promise<ScriptEnd<readonly string[]>>): Promise<string> => {
  try {
    const step = await review;
    return 'next' in step ? canonicalJson(step.next) : giveOpinion(step.end);
  } catch (error) {
    if (error instanceof Declined) return giveOpinion([error.message]);
    throw error;
  }
};
