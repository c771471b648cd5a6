// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Input, Output } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { accountFor, answerableFor, viewFor } from '../../../src/chore/coverage.ts';
import { loadModules } from '../../../src/chore/modules.ts';
import {
  type Judge,
  openReach,
  type PatchView,
  readWhole,
  type Texts,
} from '../../../src/chore/patch.ts';
import { readAsked } from '../../../src/chore/read-asked.ts';
import { callTool, type Script } from '../../../src/chore/script.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import { beforehand } from './beforehand.ts';
import { byChecks } from './by-checks.ts';
import { giveOpinion, opinionOf } from './opinion.ts';

/** Most files whose two sides are read: so many fit in the agent's steps. */
const mostFiles = 190;

/** Does the work again on the files as they were, chore by chore: the patch must come out. */
export const answer: Specialist = async (messages, chores) => {
  const task = messages.find(({ role }) => role === 'user');
  if (!task) return giveOpinion(['there is no task']);
  const input = parseTask(task);
  const { asked, unread } = readAsked(input.spec, chores);
  const redos = await loadModules<Judge<unknown>>(asked, chores, 'redo');
  const judgeOf = (chore: string): Judge<unknown> =>
    redos.get(chore) ?? byChecks(chores.all.get(chore), 'patched');
  return opinionOf(review(input, { asked, unread }, judgeOf, chores), parseReplies(messages));
};

function* review(
  input: Input,
  { asked, unread }: ReturnType<typeof readAsked>,
  judgeOf: (chore: string) => Judge<unknown>,
  chores: Chores,
): Script<readonly string[]> {
  const { spec, inputs } = input;
  const changes = Object.values(inputs).find(({ changes }) => changes !== undefined)?.changes;
  if (!changes) return ['there is no patch to review'];
  if (changes.length > mostFiles) {
    return [`the patch changes ${changes.length} files, more than can be checked; split the spec`];
  }
  const base = new Map<string, string | undefined>();
  const patched = new Map<string, string | undefined>();
  for (const { path, baseOid, oid } of changes) {
    base.set(path, isAbsent(baseOid) ? undefined : yield* readWhole(path, 'base'));
    patched.set(path, isAbsent(oid) ? undefined : yield* readWhole(path, 'patched'));
  }
  const paths = [...base.keys()].sort();
  const patch: PatchView = {
    paths,
    base,
    patched,
    worked: input.unit.kind === 'file' ? input.unit.paths : [],
    spec,
    asked,
    outputs: inputs as PatchView['outputs'],
    with: input.with,
    ...openReach(base, patched),
  };
  const findings = [
    ...beforehand(input, { unread, paths }),
    ...changes.filter(isOddMode).map(({ path }) => `${path}: it is not a plain file`),
  ];
  let texts: Texts = base;
  for (const one of asked) {
    const judgement = judgeOf(one.chore)(...viewFor(one, patch, texts, chores));
    const { texts: done, findings: more } = 'findings' in judgement ? judgement : yield* judgement;
    findings.push(...more);
    texts = accountFor(texts, done, answerableFor(one, asked, chores));
  }
  if (findings.length === 0) findings.push(...different(texts, patched));
  if (findings.length === 0 && spec.checks.length > 0) findings.push(...(yield* runChecks()));
  return findings;
}

const isAbsent = (oid: string): boolean => /^0+$/.test(oid);

const isOddMode = ({ mode, oid }: NonNullable<Output['changes']>[number]): boolean =>
  !isAbsent(oid) && !/^100(?:644|755)$/.test(mode);

/** Where what came out is not what the patch says; a path that only came out was left undone. */
const different = (texts: Texts, patched: Texts): readonly string[] =>
  [...texts].flatMap(([path, text]) => {
    if (!patched.has(path)) return [`${path}: what is asked was not done here`];
    const other = patched.get(path);
    if (text === other) return [];
    if (other === undefined) return [`${path}: no sentence asks for its removal`];
    if (text === undefined) return [`${path}: no sentence asks for a new file`];
    const [mine, theirs] = [text.split('\n'), other.split('\n')];
    const at = theirs.findIndex((line, index) => line !== mine[index]);
    const line = (at === -1 ? mine[theirs.length] : theirs[at]) ?? '';
    return [`${path}: the work, done again, differs near "${line.trim().slice(0, 120)}"`];
  });

function* runChecks(): Script<readonly string[]> {
  const { ok, log } = (yield* callTool('run_checks', {})) as {
    readonly ok?: unknown;
    readonly log?: unknown;
  };
  return ok === true ? [] : [`the checks fail: ${String(log).slice(-300)}`];
}
