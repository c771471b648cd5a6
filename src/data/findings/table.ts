// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Finding, FindingGroup } from './finding.ts';
import { gateFindings } from './gate.ts';
import {
  agentFindings,
  boundaryFindings,
  engineFindings,
  fileFindings,
  loopFindings,
} from './node.ts';
import { planFindings } from './plan.ts';
import { promoteFindings } from './promote.ts';
import { jobFindings, publishFindings } from './publish.ts';
import { intakeFindings, queueFindings } from './queue.ts';
import { testFindings } from './test.ts';

const table = {
  ...queueFindings,
  ...intakeFindings,
  ...planFindings,
  ...agentFindings,
  ...loopFindings,
  ...engineFindings,
  ...fileFindings,
  ...boundaryFindings,
  ...testFindings,
  ...gateFindings,
  ...jobFindings,
  ...publishFindings,
  ...promoteFindings,
};

/** Why a spec, a unit or a node ended as it did: stable, and never used for anything else later. */
export type FindingCode = keyof typeof table;

/** A reason with its code, made where it is known. */
export type CodedReason = { readonly code: FindingCode; readonly reason: string };

const groups = {
  queue: { title: 'Not worked tonight', look: 'journal.jsonl of the night, and "pantheon prs".' },
  intake: { title: 'Issues that are not worked', look: 'The comment below the issue.' },
  plan: { title: 'Refused at the plan', look: 'The spec, and "pantheon spec check".' },
  agent: { title: 'The agent', look: 'The step: "pantheon trace show NIGHT/SPEC/UNIT/NODE".' },
  loop: {
    title: 'Bounds of the loop',
    look: 'prompt.txt and tool_calls.jsonl of the step: "pantheon trace show NIGHT/SPEC/UNIT/NODE".',
  },
  engine: { title: 'Engines', look: '"pantheon doctor", and the log of the engine.' },
  file: { title: 'Files', look: 'The file and line that the reason names.' },
  secret: { title: 'Secrets', look: 'The file and line that the reason names; docs/secrets.md.' },
  rules: { title: 'Rules', look: 'docs/rules.md.' },
  sandbox: { title: 'The sandbox', look: '"pantheon doctor --prove"; docs/sandbox.md.' },
  flow: { title: 'Flows', look: 'The file of the flow; docs/flows.md.' },
  test: { title: 'Tests', look: 'tests.log of the test step.' },
  gate: {
    title: 'Refused by the gate',
    look: 'The step of the gate, SPEC/_spec; docs/architecture/gate.md.',
  },
  job: { title: 'Jobs on runners', look: 'The page of the run; docs/github.md.' },
  publish: { title: 'Publishing', look: 'journal.jsonl of the night; docs/github.md.' },
  promote: {
    title: 'Promoting a version',
    look: 'The result of "pantheon eval"; docs/learning.md.',
  },
} as const satisfies Readonly<Record<string, FindingGroup>>;

/** What a code begins with. */
export type FindingGroupName = keyof typeof groups;

/** All codes, in the order of a spec's way through a night. */
export const findingCodes = Object.keys(table) as readonly FindingCode[];

/**
 * A code in a file: any text of its form, since an older version wrote shorter ones and a newer one may
 * write more. Who writes a file is held to the table by the type.
 */
export const findingCodeSchema = z
  .string()
  .regex(/^[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)?$/)
  .max(64)
  .describe('Why, as a stable code: `pantheon explain CODE`') as z.ZodType<FindingCode, string>;

/** What a code means and where to look first; nothing for one that this version does not know. */
export const findingOf = (
  code: string,
): (Required<Pick<Finding, 'look'>> & Finding) | undefined => {
  const finding: Finding | undefined = Object.hasOwn(table, code)
    ? table[code as FindingCode]
    : undefined;
  return finding && { ...finding, look: finding.look ?? groupOf(code as FindingCode).look };
};

/** The group that a code is in. */
export const groupOf = (code: FindingCode): FindingGroup & { readonly name: FindingGroupName } => {
  const name = code.slice(0, code.indexOf('.')) as FindingGroupName;
  return { name, ...groups[name] };
};

/** Whether the next night tries again although nothing has changed. */
export const isTransient = (code: string): boolean => findingOf(code)?.transient === true;
