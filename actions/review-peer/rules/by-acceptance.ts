// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../src/agent/conversation.ts';
import type { Input, Output } from '../../../src/agent/schema.ts';
import type { Chores } from '../../../src/chore/chores.ts';
import { accountFor, answerableFor, viewFor } from '../../../src/chore/coverage.ts';
import { loadModules } from '../../../src/chore/modules.ts';
import { type Judge, openReach, type PatchView, type Texts } from '../../../src/chore/patch.ts';
import { readAsked } from '../../../src/chore/read-asked.ts';
import { callTool, Declined, type Script } from '../../../src/chore/script.ts';
import type { Specialist } from '../../../src/engine/rules/specialist.ts';
import { beforehand } from './beforehand.ts';
import { byChecks } from './by-checks.ts';
import { giveOpinion, opinionOf } from './opinion.ts';
import { type FilePatch, readPatch, UnreadablePatch } from './read-patch.ts';

/** Lines of context that show any file whole. */
const wholeFiles = 1_000_000;

/** Looks at the diff, and lets every chore that is asked for take its change back: the base must be left. */
export const answer: Specialist = async (messages, chores) => {
  const task = messages.find(({ role }) => role === 'user');
  if (!task) return giveOpinion(['there is no task']);
  const input = parseTask(task);
  const { asked, unread } = readAsked(input.spec, chores);
  const judges = await loadModules<Judge<unknown>>(asked, chores, 'judge');
  const judgeOf = (chore: string): Judge<unknown> =>
    judges.get(chore) ?? byChecks(chores.all.get(chore), 'base');
  return opinionOf(review(input, { asked, unread }, judgeOf, chores), parseReplies(messages));
};

function* review(
  input: Input,
  { asked, unread }: ReturnType<typeof readAsked>,
  judgeOf: (chore: string) => Judge<unknown>,
  chores: Chores,
): Script<readonly string[]> {
  const { diff } = (yield* callTool('compute_diff', { context: wholeFiles })) as {
    readonly diff: string;
  };
  const files = readFiles(diff);
  const [base, patched] = [textsOf(files, 'base'), textsOf(files, 'patched')];
  const paths = files.map(({ path }) => path).sort();
  const patch: PatchView = {
    paths,
    base,
    patched,
    worked: input.unit.kind === 'file' ? input.unit.paths : [],
    spec: input.spec,
    asked,
    outputs: input.inputs as PatchView['outputs'],
    with: input.with,
    ...openReach(base, patched),
  };
  const findings = [
    ...beforehand(input, { unread, paths }),
    ...(isTheOneHandedOver(Object.values(input.inputs), files)
      ? []
      : ['the diff is not the patch under review']),
  ];
  let texts: Texts = patched;
  for (const one of asked.toReversed()) {
    const judgement = judgeOf(one.chore)(...viewFor(one, patch, texts, chores));
    const { texts: left, findings: more } = 'findings' in judgement ? judgement : yield* judgement;
    findings.push(...more);
    texts = accountFor(texts, left, answerableFor(one, asked, chores));
  }
  const unexplained =
    findings.length > 0 ? [] : paths.flatMap((path) => leftOver(path, base, texts));
  return [...findings, ...unexplained];
}

const readFiles = (diff: string): readonly FilePatch[] => {
  try {
    return readPatch(diff);
  } catch (error) {
    if (error instanceof UnreadablePatch) throw new Declined(error.message);
    throw error;
  }
};

const textsOf = (files: readonly FilePatch[], side: 'base' | 'patched'): Texts => {
  const absent = side === 'base' ? 'added' : 'removed';
  return new Map(
    files.map((file) => [file.path, file.status === absent ? undefined : file[side].join('')]),
  );
};

/** What no chore explains: the first line that is not as it was. */
const leftOver = (path: string, base: Texts, texts: Texts): readonly string[] => {
  const [before, after] = [base.get(path), texts.get(path)];
  if (before === after) return [];
  if (before === undefined) return [`${path}: no sentence asks for a new file`];
  if (after === undefined) return [`${path}: the file is removed`];
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  const line = at === -1 ? (old[now.length] ?? '') : (now[at] ?? '');
  return [`${path}: no sentence asks for what is done near "${line.trim().slice(0, 120)}"`];
};

/** The patch that is judged must be the one that was handed over. */
const isTheOneHandedOver = (outputs: readonly Output[], files: readonly FilePatch[]): boolean => {
  const work = outputs.find(({ diff }) => diff !== undefined);
  if (!work) return true;
  const added = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.added)).length;
  const removed = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.removed)).length;
  const named = work.changes?.map(({ path }) => path).sort();
  const paths = files.map(({ path }) => path).sort();
  return (
    work.stats?.files === files.length &&
    work.stats.insertions - work.stats.deletions === added - removed &&
    (named === undefined || named.join('\0') === paths.join('\0'))
  );
};
