// SPDX-License-Identifier: GPL-3.0-only
import { parseReplies, parseTask } from '../../../../src/agent/conversation.ts';
import type { Input, Output } from '../../../../src/agent/schema.ts';
import type { Intent } from '../../../../src/chore/intent-kinds.ts';
import type { Specialist } from '../../../../src/engine/rules/specialist.ts';
import { compileScope } from '../../../../src/spec/scope.ts';
import { callTool, giveOpinion } from '../opinion.ts';
import { askedOf, readAcceptance, speaksOf } from './asked.ts';
import { judgeCode } from './code.ts';
import { judgeNote } from './note.ts';
import { type FilePatch, readPatch, UnreadablePatch } from './patch.ts';
import { judgeWhole } from './whole.ts';

/** Lines of context that show any file whole. */
const wholeFiles = 1_000_000;

/** Judges the diff alone: every change must be asked for by a sentence, and done as it says. */
export const formerAnswer: Specialist = (messages) => {
  const task = messages.find(({ role }) => role === 'user');
  if (!task) return giveOpinion(['there is no task']);
  const input = parseTask(task);
  const reply = parseReplies(messages).at(-1);
  if (!reply) return callTool('compute_diff', { context: wholeFiles });
  if ('error' in reply) return giveOpinion([`the diff cannot be read: ${reply.error.reason}`]);
  const { diff } = (reply.result ?? {}) as { readonly diff?: unknown };
  if (typeof diff !== 'string') return giveOpinion(['the diff cannot be read']);
  try {
    return giveOpinion(findingsOf(input, readPatch(diff)));
  } catch (error) {
    if (error instanceof UnreadablePatch) return giveOpinion([error.message]);
    throw error;
  }
};

const findingsOf = (input: Input, files: readonly FilePatch[]): readonly string[] => {
  const { spec, unit, inputs } = input;
  const { intents, unread } = readAcceptance(spec);
  const outputs = Object.values(inputs);
  const work = outputs.find(({ diff }) => diff !== undefined);
  const inScope = compileScope(spec.scope);
  const inUnit =
    unit.kind === 'file' ? (path: string) => unit.paths.includes(path) : compileScope(unit.paths);
  return [
    ...unread.map((sentence) => `this sentence cannot be judged: "${sentence}"`),
    ...outsideTests(outputs),
    ...(work && sameFiles(work, files) ? [] : ['the diff is not the patch under review']),
    ...judgeWhole(files.length > 0 ? intents : intents.filter(cannotHold), files),
    ...files.flatMap((file) => {
      const { path } = file;
      if (!inScope(path) || !inUnit(path)) return [`${path}: it is outside the scope`];
      const bound = intents.filter((intent) => intent.kind === 'only-files');
      if (bound.length > 0 && !bound.some(({ files: only }) => speaksOf(only, path))) {
        return [`${path}: a sentence says that it must not change`];
      }
      const asked = askedOf(intents, spec.rules, path);
      const findings = /\.(?:md|markdown)$/i.test(path)
        ? judgeNote(file, asked)
        : judgeCode(file, asked);
      return findings.map((finding) => `${path}: ${finding}`);
    }),
  ];
};

/**
 * A patch of nothing says that all is already as asked. The diff cannot show whether it is, but a
 * name to be renamed was still there when the sentence was written.
 */
const cannotHold = ({ kind }: Intent): boolean => kind === 'rename';

const outsideTests = (outputs: readonly Output[]): readonly string[] =>
  outputs.some(({ status }) => status !== 'ok') ? ['an earlier step did not succeed'] : [];

/** The patch that is judged must be the one that was handed over. */
const sameFiles = ({ stats, changes }: Output, files: readonly FilePatch[]): boolean => {
  const added = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.added)).length;
  const removed = files.flatMap(({ edits }) => edits.flatMap((edit) => edit.removed)).length;
  const paths = files.map(({ path }) => path).sort();
  return (
    stats?.files === files.length &&
    stats.insertions - stats.deletions === added - removed &&
    (changes === undefined ||
      changes
        .map(({ path }) => path)
        .sort()
        .join('\0') === paths.join('\0'))
  );
};
