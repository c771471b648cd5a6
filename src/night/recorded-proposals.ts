// SPDX-License-Identifier: GPL-3.0-only
import { type Output, outputSchema } from '../agent/schema.ts';
import type { CallRecord } from '../agent/tool-call.ts';
import type { Fact } from '../boundary/rules/facts.ts';
import type { RuleBook } from '../boundary/rules/rule-book.ts';
import type { CallRuling } from '../boundary/verifier.ts';
import { specSchema } from '../spec/schema.ts';
import { loadTools } from '../tool/load-tools.ts';
import type { Touches } from '../tool/tool.ts';
import type { Bundle } from '../trace/bundle.ts';
import type { BaseTree } from '../workspace/base-tree.ts';
import { unrestricted } from '../workspace/overlay.ts';
import { applyPatch } from '../workspace/patch.ts';
import { deniedPatchSchema } from './run/denied-patch.ts';

/** What a bundle says that was proposed, and what was said to it that night. */
export type RecordedProposal = {
  /** Such as `step 2: write_file a.md`, `a denied patch`, or `the patch`. */
  readonly what: string;
  readonly facts: readonly Fact[];
  readonly ruling: CallRuling;
};

/**
 * The calls and the patches of a bundle as rules are told of them. What the path verifier denied never came
 * to the rules, and what a tool of a repository touches is not recorded: these are left out.
 */
export const recordedProposals = async (
  { files, facts: { agent } }: Bundle,
  base: BaseTree,
  rules: RuleBook,
): Promise<readonly RecordedProposal[]> => {
  const { spec } = JSON.parse(files['input.json'] ?? '{}');
  const asked = specSchema.safeParse(spec);
  if (!asked.success) return [];
  const asker = { agent: agent.replace(/@.*$/, ''), spec: asked.data };
  const proposals: RecordedProposal[] = [];
  for (const line of (files['tool_calls.jsonl'] ?? '').split('\n').filter(Boolean)) {
    const { step, name: tool, args, verdict }: CallRecord = JSON.parse(line);
    if (!verdict.allow && verdict.place === undefined) continue;
    const touches = await touchesOf(tool, args);
    if (!touches) continue;
    const facts = await rules.callFacts({ ...asker, tool, args, touches }, unrestricted, asker);
    const what = [`step ${step}: ${tool}`, ...pathsOf(touches)].join(' ');
    proposals.push({ what, facts, ruling: verdict });
  }
  for (const { what, diff, changes, ruling } of patchesOf(files)) {
    const overlay = await applyPatch(base, unrestricted, diff, changes);
    proposals.push({ what, facts: await rules.patchFacts(overlay, asker), ruling });
  }
  return proposals;
};

/** Those that rules denied, and the one that its writer ended with. */
const patchesOf = (files: Bundle['files']) => {
  const denied = (files['denied.jsonl'] ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => deniedPatchSchema.parse(JSON.parse(line)))
    .map(({ diff, changes, ...denial }) => ({
      what: 'a denied patch',
      ...{ diff, changes },
      ruling: { allow: false, ...denial } as const,
    }));
  const { diff = '', changes = [] } = outputOf(files['output.json']);
  if (changes.length === 0) return denied;
  return [...denied, { what: 'the patch', diff, changes, ruling: { allow: true } as const }];
};

/** The first of them: a tool may list a thousand. */
const pathsOf = ({ reads = [], writes = [] }: Touches): readonly string[] =>
  [...new Set([...writes, ...reads])].slice(0, 3);

const touchesOf = async (name: string, args: unknown) => {
  try {
    const [tool] = await loadTools([name]);
    return await tool?.touches(tool.args.parse(args));
  } catch {
    return undefined;
  }
};

const outputOf = (text = 'null'): Partial<Output> =>
  outputSchema.safeParse(JSON.parse(text)).data ?? {};
