// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { changeSchema } from '../../agent/schema.ts';
import type { ProposedPatch } from '../../boundary/rules/patch-facts.ts';
import type { RuleBook } from '../../boundary/rules/rule-book.ts';
import type { CallRuling } from '../../boundary/verifier.ts';
import { stampedPatch } from '../../workspace/patch.ts';
import { secretInPatch } from './secret-in-patch.ts';

/** A line of `denied.jsonl`: a patch that rules denied, kept as evidence. Nothing ever opens one. */
export const deniedPatchSchema = z.strictObject({
  rule: z.string(),
  reason: z.string(),
  place: z.string(),
  diff: z.string(),
  changes: z.array(changeSchema),
});

export type DeniedPatch = Readonly<z.output<typeof deniedPatchSchema>>;

/** A larger one is told of and not kept [characters]. */
const mostKept = 4 * 1024 * 1024;

/** The same rules, which put each patch that they deny into `kept`; not one that contains a secret. */
export const keepingDenied = (rules: RuleBook, kept: DeniedPatch[]): RuleBook => {
  const judgePatch: RuleBook['judgePatch'] = async (patch, asker) => {
    const ruling = await rules.judgePatch(patch, asker);
    if (!ruling.allow) await keep(patch, ruling, kept);
    return ruling;
  };
  return {
    ...rules,
    judgePatch,
    verifier: (view, asker) => ({
      ...rules.verifier(view, asker),
      verifyPatch: () => judgePatch(view.overlay, asker),
    }),
  };
};

const keep = async (
  patch: ProposedPatch,
  { rule, reason, place = 'rules' }: Extract<CallRuling, { allow: false }>,
  kept: DeniedPatch[],
): Promise<void> => {
  if (secretInPatch(patch)) return;
  const { diff, changes } = await stampedPatch(patch);
  const size = kept.reduce((sum, other) => sum + other.diff.length, diff.length);
  if (size > mostKept || kept.some((other) => other.diff === diff)) return;
  kept.push({ rule, reason, place, diff, changes });
};
