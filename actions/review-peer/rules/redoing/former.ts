// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../../src/agent/conversation.ts';
import type { Input, Output } from '../../../../src/agent/schema.ts';
import { readIntents } from '../../../../src/chore/intent.ts';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import type { Specialist } from '../../../../src/engine/rules/specialist.ts';
import type { Spec } from '../../../../src/spec/schema.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import { callTool, giveOpinion } from '../opinion.ts';
import { redoFile } from './file.ts';
import { importsOfNewFiles, judgeImports } from './imports.ts';
import { followPlan, type Sides, type Step } from './plan.ts';
import { judgeUntouched, placesNamed } from './untouched.ts';
import { redoWhole } from './whole.ts';

/** Most files whose two sides are read: so many fit in the agent's steps. */
const mostFiles = 199;

/** Reads every changed file before and after and does the check itself, without looking at the diff. */
export const formerAnswer: Specialist = async (messages) => {
  const task = messages.find(({ role }) => role === 'user');
  if (!task) return giveOpinion(['there is no task']);
  const input = parseTask(task);
  const outputs = Object.values(input.inputs);
  const changes = outputs.find(({ changes }) => changes !== undefined)?.changes;
  if (!changes) return giveOpinion(['there is no patch to review']);
  if (changes.length > mostFiles) {
    return giveOpinion([
      `the patch changes ${changes.length} files, more than can be checked one by one; split the spec`,
    ]);
  }
  const plan = planOf(changes, input);
  const replies = parseReplies(messages);
  const first = followPlan(plan, replies);
  const probes = 'sides' in first ? await importsOfNewFiles(first.sides) : [];
  const progress = probes.length > 0 ? followPlan([...plan, ...probes], replies) : first;
  if ('call' in progress) return callTool(progress.call.name, progress.call.args);
  if ('stuck' in progress) return giveOpinion([progress.stuck]);
  const findings =
    changes.length === 0
      ? await judgeUntouched(intentsOf(input.spec), progress.looked)
      : await findingsOf(input, progress.sides);
  const imports = await judgeImports(progress.sides, progress.probed);
  return giveOpinion([
    ...progress.findings,
    ...failedOutputs(outputs),
    ...notRedone(input.spec),
    ...findings,
    ...imports,
  ]);
};

const intentsOf = (spec: Spec): readonly Intent[] =>
  spec.acceptance.flatMap((sentence) =>
    (readIntents(sentence) ?? []).map((intent) => worded(intent, spec.rules.header)),
  );

const notRedone = ({ acceptance }: Spec): readonly string[] =>
  acceptance
    .filter((sentence) => readIntents(sentence) === undefined)
    .map((sentence) => `this sentence cannot be checked by redoing the work: "${sentence}"`);

/** The rules may word a header that the sentence only names. */
const worded = (intent: Intent, header: unknown): Intent =>
  intent.kind === 'header' && typeof header === 'string' ? { text: header, ...intent } : intent;

const absent = /^0+$/;

const planOf = (changes: NonNullable<Output['changes']>, { spec }: Input): readonly Step[] => [
  ...(changes.length === 0 ? placesNamed(intentsOf(spec)) : []).map(
    (path) => ({ kind: 'look', path }) as const,
  ),
  ...changes.flatMap(({ path, baseOid, oid, mode }): readonly Step[] => [
    ...(absent.test(baseOid) ? [] : [{ kind: 'read', path, side: 'base' } as const]),
    ...(absent.test(oid) || mode === '000000'
      ? []
      : [{ kind: 'read', path, side: 'patched' } as const]),
  ]),
  ...(spec.checks.length > 0 ? [{ kind: 'checks' } as const] : []),
];

const failedOutputs = (outputs: readonly Output[]): readonly string[] =>
  outputs
    .filter(({ status }) => status !== 'ok')
    .map(({ notes }) => `an earlier step did not succeed: ${notes}`);

const findingsOf = async (
  { spec, unit }: Input,
  sides: ReadonlyMap<string, Sides>,
): Promise<readonly string[]> => {
  const findings: string[] = [];
  const intents = intentsOf(spec);
  const allowed = compileScope(spec.scope);
  const unitFiles = unit.kind === 'file' ? new Set(unit.paths) : undefined;
  const ofUnit = compileScope(unit.paths);
  const sole = intents.flatMap((intent) => (intent.kind === 'only-files' ? [intent.files] : []));
  for (const [path, side] of sides) {
    const inUnit = unitFiles ? unitFiles.has(path) : ofUnit(path);
    const inFiles = sole.length === 0 || sole.some((files) => compileScope(files)(path));
    if (!allowed(path) || !inUnit || !inFiles) {
      findings.push(`${path}: the file must not be changed`);
      continue;
    }
    const ofFile = await redoFile(path, side, intents);
    findings.push(...ofFile.map((finding) => `${path}: ${finding}`));
  }
  return [...findings, ...(await redoWhole(sides, intents))];
};
